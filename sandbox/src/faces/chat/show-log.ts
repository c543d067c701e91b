import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import type { Account, ControlChange, Conversation, Message } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { wordActivity, wordForAgent, wordForCustomer } from './words.ts';

/** Who sits in front of the page. */
export type Viewer = 'customer' | 'agent';

export interface LogView {
  account: Account;
  conversation: Conversation;
  viewer: Viewer;
  /** Not only the newest. */
  all: boolean;
  /** What is on the page already. */
  known?: KnownLog | undefined;
}

const SHOWN = 200;
/** Whoever says something so much later begins a new group. */
const SAME_GROUP_MS = 5 * 60_000;
/** The platform marks what a machine has written (`author.subtypes`). */
const AI = 'AI';
/** A page with a script sends along what it has: `{first key} {last key} {digest}`. */
const KNOWN_HEADER = 'x-known-log';

const knownSchema = z
  .string()
  .max(512)
  .transform((text) => text.split(' '))
  .pipe(z.tuple([z.string(), z.string(), z.string()]))
  .transform(([first, last, digest]) => ({ first, last, digest }));

export type KnownLog = z.infer<typeof knownSchema>;

/** Undefined: the page has nothing, and gets everything. */
export function readKnownLog(request: Request): KnownLog | undefined {
  return knownSchema.safeParse(request.get(KNOWN_HEADER)).data;
}

/**
 * What was said and what happened in between, oldest first, for a page: the newest, or all. What the page
 * has already is left out, as long as it is still the same: `after` is then the key of its last entry.
 */
export function showLog(state: State, view: LogView) {
  const { conversation, viewer, all, known } = view;
  const entries = listEntries(state, view);
  const from = entries.findIndex(({ key }) => key === known?.first);
  const start = from >= 0 ? from : Math.max(0, all ? 0 : entries.length - SHOWN);
  const shown = entries.slice(start);
  const upTo = shown.findIndex(({ key }) => key === known?.last) + 1;
  const isKnown = upTo > 0 && digestOf(shown.slice(0, upTo)) === known?.digest;
  const [first] = shown;
  const last = shown.at(-1);
  return {
    entries: isKnown ? shown.slice(upTo) : shown,
    after: isKnown ? known.last : undefined,
    known: first ? `${first.key} ${last?.key} ${digestOf(shown)}` : '',
    earlier: start,
    /** Whether the viewer's own words have arrived, until anything comes after them. */
    mark: last && 'isOwn' in last && last.isOwn ? describeMark(conversation, last.at, viewer) : '',
  };
}

type Entry = ReturnType<typeof listEntries>[number];

function digestOf(entries: Entry[]): string {
  return createHash('sha256').update(JSON.stringify(entries)).digest('base64url').slice(0, 22);
}

function listEntries(state: State, { account, conversation, viewer }: LogView) {
  const isCustomer = viewer === 'customer';
  const said = (state.messages.get(conversation.id) ?? []).filter(
    ({ isHidden }) => !isCustomer || isHidden !== true,
  );
  const entries = [
    ...said.map((message) =>
      message.speaker.kind === 'system'
        ? showLine(message.id, message.received, wordActivity(message, isCustomer))
        : showMessage(state, message, viewer),
    ),
    ...(conversation.controlChanges ?? []).flatMap((change) =>
      isCustomer ? showForCustomer(account, change) : showForAgent(change),
    ),
  ].toSorted((left, right) => left.at.localeCompare(right.at));
  return entries.map((entry, index) => ({ ...entry, follows: follows(entries[index - 1], entry) }));
}

function showMessage(state: State, message: Message, viewer: Viewer) {
  const { speaker, author } = message;
  return {
    kind: 'message' as const,
    key: message.sentAs ?? message.id,
    at: message.received,
    time: showTime(message.received),
    message,
    avatarUrl: author.avatarUrl ?? (speaker.kind === 'bot' ? logoOf(state, speaker.name) : ''),
    isOwn: speaker.kind === viewer,
    isAI: author.subtypes?.includes(AI) === true,
  };
}

function logoOf({ clients }: State, name: string): string {
  return [...clients.values()].find(({ details }) => details.name === name)?.details.logoUrl ?? '';
}

/** `sent`: what whoever did it sent along. */
function showLine(key: string, at: string, words: string, sent: [string, unknown][] = []) {
  return { kind: 'line' as const, key, at, time: showTime(at), words, sent };
}

const keyOf = ({ type, at }: ControlChange) => `${type}/${at}`;

function showForCustomer(account: Account, change: ControlChange) {
  const words = wordForCustomer(account, change);
  return words === undefined ? [] : [showLine(keyOf(change), change.at, words)];
}

function showForAgent(change: ControlChange) {
  const isHandOff = change.to?.kind === 'agent' && change.problem === undefined;
  const sent = Object.entries(change.metadata ?? {});
  return [{ ...showLine(keyOf(change), change.at, wordForAgent(change), sent), isHandOff }];
}

type Shown = { at: string } & (
  | { kind: 'line' }
  | { kind: 'message'; message: Message; avatarUrl: string }
);

/** Whether it belongs to the group of the entry before it. */
function follows(before: Shown | undefined, entry: Shown): boolean {
  if (before?.kind !== 'message' || entry.kind !== 'message') return false;
  const { speaker: left } = before.message;
  const { speaker: right } = entry.message;
  return (
    left.kind === right.kind &&
    left.name === right.name &&
    before.avatarUrl === entry.avatarUrl &&
    Date.parse(entry.at) - Date.parse(before.at) < SAME_GROUP_MS
  );
}

function describeMark(conversation: Conversation, at: string, viewer: Viewer): string {
  const { businessLastRead, participants } = conversation;
  const seen = viewer === 'customer' ? businessLastRead : participants[0]?.lastRead;
  return seen !== undefined && seen >= at ? 'Seen' : 'Sent';
}

/** In the machine's own time zone: whoever looks at a local stand-in is where it runs. */
function showTime(iso: string): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? time : `${at.toLocaleDateString('en', { dateStyle: 'medium' })}, ${time}`;
}
