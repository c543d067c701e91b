import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { ask, createClientSettings, endSoon } from './client.ts';
import type { PostgresPlace } from './url.ts';
import type { Signals } from '../../store/engines/database.ts';
import { createLocalSignals } from '../shared/local-signals.ts';

const NOTIFY_CHANNEL = 'shopkeeper';
const RECONNECT_AFTER_MS = 1_000;
const HEARTBEAT_EVERY_MS = 5_000;

/** Held by every connection that listens, so that a command can tell whether an instance is running. */
export const PRESENCE_LOCK = '1936224112, hashtext(current_schema()::text)';

const Hint = z.tuple([z.string(), z.string()]);

/**
 * LISTEN and NOTIFY on a connection of their own. Our own listeners hear at once; the other instances
 * hear what gathered since the last NOTIFY, each hint once. A lost connection is opened again, and so is
 * one that does not hear what it says itself: it went silent, or leads through a pooler.
 */
export function createPostgresSignals(
  { url, variable }: PostgresPlace,
  warn: (message: string) => void = () => {},
): Signals & { close(): Promise<void> } {
  const local = createLocalSignals();
  const gathered = new Set<string>();
  const closing = new AbortController();
  let client: pg.Client | undefined;
  let sending = false;
  let warned = false;

  async function listen(): Promise<void> {
    while (!closing.signal.aborted) {
      // Polling goes on meanwhile, so there is nothing to report and nothing lost.
      await listenOnce().catch(() => {});
      await sleep(RECONNECT_AFTER_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  /** Until the connection is lost. Also rejects when the address names a file that is not there. */
  async function listenOnce(): Promise<void> {
    const fresh = new pg.Client(createClientSettings(url));
    const ended = new AbortController();
    const end = () => ended.abort();
    fresh.on('error', end);
    fresh.on('end', end);
    closing.signal.addEventListener('abort', end, { once: true });
    fresh.on('notification', ({ payload }) => hear(payload));
    try {
      await fresh.connect();
      await ask(fresh, `select pg_advisory_lock_shared(${PRESENCE_LOCK})`);
      await ask(fresh, `listen ${NOTIFY_CHANNEL}`);
      client = fresh;
      await beat(fresh, ended.signal);
    } finally {
      client = undefined;
      closing.signal.removeEventListener('abort', end);
      await endSoon(fresh.end(), [fresh]);
    }
  }

  /** Until the connection ends, or no longer hears what it says. */
  async function beat(listener: pg.Client, ended: AbortSignal): Promise<void> {
    const mark = JSON.stringify(randomUUID());
    let heard = true;
    listener.on('notification', ({ payload }) => {
      if (payload === mark) heard = true;
    });
    while (!ended.aborted) {
      if (!heard) return warnOnce();
      heard = false;
      gather(mark);
      await sleep(HEARTBEAT_EVERY_MS, undefined, { signal: ended }).catch(() => {});
    }
  }

  function warnOnce(): void {
    if (!warned)
      warn(
        `What other instances say is not heard through ${variable}; work is only found by looking.`,
      );
    warned = true;
  }

  function hear(payload: string | undefined): void {
    const [channel, text] = Hint.safeParse(parseJson(payload ?? 'null')).data ?? [];
    if (channel !== undefined && text !== undefined) local.publish(channel, text);
  }

  function gather(hint: string): void {
    gathered.add(hint);
    if (!sending) void send();
  }

  async function send(): Promise<void> {
    sending = true;
    while (client !== undefined && gathered.size > 0) {
      const hints = [...gathered];
      gathered.clear();
      const text = 'select pg_notify($1, hint) from unnest($2::text[]) as hint';
      await ask(client, text, [NOTIFY_CHANNEL, hints]).catch(() => {});
    }
    // Without a connection there is nobody to tell; others look by themselves.
    gathered.clear();
    sending = false;
  }

  const listening = listen();
  return {
    publish(channel: string, payload: string) {
      local.publish(channel, payload);
      gather(JSON.stringify([channel, payload]));
    },
    subscribe: (channel, listener) => local.subscribe(channel, listener),
    async close() {
      closing.abort();
      await listening;
    },
  };
}
