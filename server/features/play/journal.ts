import type { EventState } from '../../store/schema.ts';

/** A request to Zendesk, and what came of it. */
export interface Call {
  operation: string;
  method: string;
  url: string;
  /** JSON, where it is. */
  request: string | null;
  /** Null: no answer came. */
  status: number | null;
  answer: string | null;
  durationMs: number;
}

/** What was decided or asked on the way; `key` as the core names it (observe.ts), or the operation. */
export interface Note {
  key: string;
  at: number;
  text?: string;
  /** Of a reply, from 1. */
  number?: number;
  call?: Call;
}

export interface Attempt {
  number: number;
  at: number;
  notes: Note[];
  /** Absent while it runs, and for ever when the app died over it. */
  settled?: { at: number; state: EventState; note: string | null; runAt?: number | undefined };
}

/** A message, or what else a customer did, on its way through the app. */
export interface Journey {
  eventId: string;
  installationId: string;
  conversationId: string;
  userId: string | undefined;
  type: string;
  /** What the customer said or did. */
  words: string;
  /** Epoch milliseconds: at Zendesk, and each time it was delivered here. */
  sentAt: number;
  deliveredAt: number[];
  /** The event as it was delivered: JSON. */
  payload: string;
  attempts: Attempt[];
}

/** Of one account, the newest. */
const KEPT = 20;
const ACCOUNTS_KEPT = 1_000;

export type Journal = ReturnType<typeof createJournal>;

/**
 * The newest journeys of each account, in memory. Of the process and not of the app, which it shows being
 * killed: what was seen before belongs to the story.
 */
export function createJournal() {
  const accounts = new Map<string, Map<string, Journey>>();
  const listeners = new Map<string, Set<() => void>>();
  /** Accounts whose next answer the app does not survive. */
  const crashes = new Set<string>();
  const totals = { answered: 0, again: 0, givenUp: 0 };

  function announce(installationId: string): void {
    for (const listener of listeners.get(installationId) ?? []) listener();
  }

  return {
    announce,
    crashes,

    /** Counts since the start; nothing of it is about anybody. */
    totals: () => ({ ...totals }),
    count: (kind: keyof typeof totals): void => void (totals[kind] += 1),

    find: (installationId: string, eventId: string): Journey | undefined =>
      accounts.get(installationId)?.get(eventId),

    add(journey: Journey): void {
      const { installationId, eventId } = journey;
      const journeys = accounts.get(installationId) ?? new Map<string, Journey>();
      journeys.set(eventId, journey);
      dropOldest(journeys, KEPT);
      accounts.set(installationId, journeys);
      dropOldest(accounts, ACCOUNTS_KEPT);
      announce(installationId);
    },

    /** Newest first. */
    list: (installationId: string): Journey[] =>
      [...(accounts.get(installationId)?.values() ?? [])].toReversed(),

    /** Forgets those that are meant; all of the account when nothing says which. */
    drop(installationId: string, isMeant: (journey: Journey) => boolean = () => true): void {
      const journeys = accounts.get(installationId);
      for (const [id, journey] of journeys ?? []) if (isMeant(journey)) journeys?.delete(id);
      if (journeys?.size === 0) accounts.delete(installationId);
      announce(installationId);
    },

    /** Calls the listener after each change in an account. Returns what ends that. */
    follow(installationId: string, listener: () => void): () => void {
      const all = listeners.get(installationId) ?? new Set();
      listeners.set(installationId, all.add(listener));
      return () => {
        all.delete(listener);
        if (all.size === 0) listeners.delete(installationId);
      };
    },
  };
}

function dropOldest(map: Map<string, unknown>, kept: number): void {
  for (const key of map.keys()) {
    if (map.size <= kept) return;
    map.delete(key);
  }
}
