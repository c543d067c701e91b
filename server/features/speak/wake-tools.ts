import { z } from 'zod';
import type { Core } from '../../core.ts';
import type { Tools, WakeData } from '../../runtime/types.ts';
import { isColumnText } from '../../text.ts';
import type { Attempt } from '../attempt.ts';
import type { Alarm } from './alarm.ts';
import { listKeys, setWake, unsetWake, type Place } from './wakes.ts';

declare module '../../runtime/types.ts' {
  /**
   * What the bot tells itself, by kind. Declare yours beside the bot, in the same way:
   * `interface Wakes { reminder: { about: string } }` makes `{ kind: 'reminder', about: '…' }`.
   */
  export interface Wakes {}

  export type Json =
    | string
    | number
    | boolean
    | null
    | readonly Json[]
    | { readonly [name: string]: Json };

  /** Any JSON, until Wakes says which. At most 4 KB. */
  export type WakeData = keyof Wakes extends never
    ? Json
    : { [Kind in keyof Wakes]: { kind: Kind } & Wakes[Kind] }[keyof Wakes];

  /** The time that wakeAt() was given has come. `data` is what it was given along. */
  export type OnWake = (context: Tools & { data: WakeData }) => Promise<void>;

  interface Bot {
    onWake?: OnWake;
  }

  interface Tools {
    /**
     * Wakes the bot in this conversation: `onWake` gets `data`, once, at that time or as soon after it as the
     * app runs. In the past: now, behind what waits. It stands once the event has been dealt with: an attempt
     * that fails leaves none. Returns the key, which is `key` where one is given; setting the same key in this
     * conversation again replaces. @throws RangeError for more than a year ahead, more than 4 KB of data and
     * more than 20 at a time.
     */
    wakeAt: (
      time: Date | number,
      data: WakeData,
      options?: { key?: string | undefined },
    ) => Promise<string>;
    /** The bot is not woken after all. Nothing happens when there is none of that key. */
    cancelWake: (key: string) => Promise<void>;
  }
}

const YEAR_MS = 366 * 24 * 60 * 60_000;
const MAX_DATA_BYTES = 4_096;
const MAX_KEY_LENGTH = 200;
/** Of one conversation, at a time. */
const MAX_WAKES = 20;

/** What a handler sets its alarms with. They are written by what settles the event. */
export function openWakeTools(
  core: Pick<Core, 'database' | 'bot' | 'parts' | 'now'>,
  attempt: Attempt,
  alarm: Pick<Alarm, 'noteSet'>,
): Pick<Tools, 'wakeAt' | 'cancelWake'> {
  const { now } = core;
  const place: Place = {
    installationId: attempt.installation.id,
    conversationId: attempt.conversationId,
    customer: attempt.customer,
  };
  /** The alarms as they will be once this attempt has gone well. */
  let asked: Promise<Set<string>> | undefined;
  const findKeys = () => (asked ??= listKeys(core, place).then((keys) => new Set(keys)));
  let count = 0;

  return {
    async wakeAt(time, data, options = {}) {
      if (core.bot.onWake === undefined)
        throw new TypeError('bot.ts names no onWake, which is what wakeAt() wakes.');
      const key = options.key ?? `${attempt.event.event_id}:${count++}`;
      if (options.key !== undefined) checkKey(options.key);
      const wake = { key, dueAt: checkTime(time, now()), data: writeData(data) };
      let isRefused = false;
      // Before anything is waited for, so that none is lost if the handler does not wait.
      attempt.onSettle(async (transaction) => {
        if (!isRefused) await setWake(core, transaction, place, wake, now());
      });
      alarm.noteSet(attempt.event, wake.dueAt);
      const keys = await findKeys();
      isRefused = !keys.has(key) && keys.size >= MAX_WAKES;
      if (isRefused)
        throw new RangeError(
          `This conversation has ${MAX_WAKES} wakes already. Give wakeAt() a key, so that one takes the place of another, or cancel one.`,
        );
      keys.add(key);
      return key;
    },

    async cancelWake(key) {
      if (!isColumnText(key)) return;
      attempt.onSettle((transaction) => unsetWake(core, transaction, place, key, now()));
      (await findKeys()).delete(key);
    },
  };
}

/** Returns when it is due, in epoch milliseconds: now, if that has passed. */
function checkTime(time: Date | number, now: number): number {
  const at = Number(time);
  if (!Number.isFinite(at))
    throw new RangeError('The time of wakeAt() is none: give a Date, or epoch milliseconds.');
  if (at > now + YEAR_MS)
    throw new RangeError(
      `wakeAt() is asked for ${describeTime(at)}; it takes up to a year ahead. Wake earlier, and set the next one in onWake.`,
    );
  return Math.max(Math.ceil(at), now);
}

function describeTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? `${at} ms` : date.toISOString();
}

function checkKey(key: string): void {
  const isFine = key.length >= 1 && key.length <= MAX_KEY_LENGTH && isColumnText(key);
  if (!isFine) throw new RangeError(`A key of wakeAt() has 1 to ${MAX_KEY_LENGTH} characters.`);
}

/** What was once given along, by this version of the bot or an earlier one. */
const Payload = z.object({ data: z.custom<WakeData>() });
export const readData = (payload: object): WakeData => Payload.parse(payload).data;

/** As JSON. */
export function writeData(data: WakeData): string {
  const json: string | undefined = JSON.stringify(data);
  if (json === undefined)
    throw new RangeError('The data is no JSON: give null when there is none.');
  const size = Buffer.byteLength(json);
  if (size > MAX_DATA_BYTES)
    throw new RangeError(
      `The data has ${size} bytes as JSON; there is room for ${MAX_DATA_BYTES}. Keep what is large elsewhere, and put a short id here.`,
    );
  return json;
}
