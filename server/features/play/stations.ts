import { isHandedOver, listAnswers, listCalls } from './answers.ts';
import { spellDuration } from '../shared/spell-duration.ts';
import type { Attempt, Journey } from './journal.ts';

/** `waiting`: for the next attempt; `now`: at work. */
type StationState = 'todo' | 'now' | 'done' | 'waiting' | 'failed';

interface Station {
  key: StationKey;
  name: string;
  state: StationState;
  /** The state, for whoever does not see colours. */
  stateWords: string;
  /** What happened there, in a few words. */
  words: string;
  /** Milliseconds since the customer wrote; undefined: nothing yet. */
  after: string | undefined;
}

export const STATION_KEYS = [
  'wrote',
  'sent',
  'stored',
  'taken',
  'handled',
  'called',
  'answered',
] as const;
export type StationKey = (typeof STATION_KEYS)[number];

const STATE_WORDS: Record<StationState, string> = {
  todo: 'not reached',
  now: 'at work',
  done: 'done',
  waiting: 'waits for the next attempt',
  failed: 'given up',
};

/** The way of a message, station by station; without a journey, the way that the first one will take. */
export function describeStations(journey: Journey | undefined, now: number): Station[] {
  if (journey === undefined)
    return STATION_KEYS.map((key) => toStation(key, undefined, 'todo', ''));
  const { attempts, sentAt, deliveredAt, words, type } = journey;
  const last = attempts.at(-1);
  const settled = last?.settled;
  const state = settled?.state;
  const handled = last?.notes.find(({ key }) => key.endsWith('-handled'));
  const calls = listCalls(attempts);
  const called = last?.notes.findLast(({ call }) => call !== undefined);
  const answers = listAnswers(journey);
  const isOver = state === 'done' || state === 'ignored';
  const reached: StationState = state === 'failed' ? 'failed' : isOver ? 'done' : 'now';
  const retry: StationState = state === 'waiting' ? 'waiting' : reached;
  const at = (key: StationKey, when: number | undefined, is: StationState, text: string) =>
    toStation(key, when === undefined ? undefined : spellDuration(when - sentAt), is, text);

  return [
    at('wrote', sentAt, 'done', `“${words}”`),
    at('sent', sentAt, 'done', deliveredAt.length > 1 ? `${type}, twice` : type),
    at('stored', deliveredAt[0], 'done', describeDeliveries(deliveredAt.length)),
    at(
      'taken',
      // It may be quicker than the word that all is stored.
      last && Math.max(last.at, deliveredAt[0] ?? 0),
      last ? (state === 'waiting' ? 'waiting' : 'done') : 'now',
      describeTaking(attempts, now),
    ),
    at('handled', handled?.at, handled ? retry : isOver ? 'done' : 'todo', describeHandling(last)),
    at(
      'called',
      called && called.at + (called.call?.durationMs ?? 0),
      calls.length > 0 ? retry : isOver ? 'done' : 'todo',
      describeCalls(attempts),
    ),
    at(
      'answered',
      answers.at(-1)?.at,
      describeReached(answers.length, isOver),
      describeAnswers(answers, isOver, isHandedOver(calls)),
    ),
  ];
}

const NAMES: Record<StationKey, string> = {
  wrote: 'Customer',
  sent: 'Zendesk sends',
  stored: 'Webhook stored',
  taken: 'Worker',
  handled: 'Your handler',
  called: 'Zendesk hears',
  answered: 'Customer',
};

function toStation(
  key: StationKey,
  after: string | undefined,
  state: StationState,
  words: string,
): Station {
  return { key, name: NAMES[key], state, stateWords: STATE_WORDS[state], words, after };
}

function describeDeliveries(times: number): string {
  return times > 1 ? `stored once, delivered ${times} times` : 'stored, then acknowledged';
}

function describeTaking(attempts: readonly Attempt[], now: number): string {
  const last = attempts.at(-1);
  if (last === undefined) return 'waits for a worker';
  const { runAt, state } = last.settled ?? {};
  const which = attempts.length > 1 ? `attempt ${last.number}` : 'took it at once';
  if (state !== 'waiting') return which;
  return `attempt ${last.number + 1} in ${spellDuration((runAt ?? now) - now)}`;
}

const HANDLERS: Record<string, string> = {
  'message-handled': 'onMessage',
  'hidden-handled': 'onHidden',
  'postback-handled': 'onPostback',
  'start-handled': 'onStart',
};

export function nameHandler(attempt: Attempt | undefined): string | undefined {
  return attempt?.notes.map(({ key }) => HANDLERS[key]).find((name) => name !== undefined);
}

function describeHandling(attempt: Attempt | undefined): string {
  const left = attempt?.notes.find(({ key }) => key === 'event-left-alone');
  if (left !== undefined) return 'left alone: a person answers';
  const name = nameHandler(attempt);
  return name === undefined ? '' : `${name} ran`;
}

/** Of what changes something at Zendesk, how each try ended: `PostMessage 500, 500, 201`. */
function describeCalls(attempts: readonly Attempt[]): string {
  const calls = listCalls(attempts).filter(({ method }) => method !== 'GET');
  const telling = calls.filter(({ operation }) => operation !== 'PostActivity');
  const operation = telling.at(-1)?.operation;
  if (operation === undefined) return '';
  const same = telling.filter((call) => call.operation === operation).slice(-4);
  const ends = same.map(({ status }) => String(status ?? 'lost'));
  const notes = attempts.flatMap((attempt) => attempt.notes);
  if (notes.some(({ key }) => key === 'reply-found')) ends.push('then found there');
  return `${operation} ${ends.join(', ')}`;
}

function describeReached(answers: number, isOver: boolean): StationState {
  return answers > 0 || isOver ? 'done' : 'todo';
}

function describeAnswers(
  answers: readonly { words: string }[],
  isOver: boolean,
  toPeople: boolean,
): string {
  const [only] = answers;
  if (only === undefined && toPeople) return 'waits for a person of the team';
  if (only === undefined) return isOver ? 'nothing was said' : '';
  return answers.length === 1 ? `got one answer: “${only.words}”` : `got ${answers.length} answers`;
}
