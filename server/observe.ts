import type { Kysely } from 'kysely';
import type { Settlement } from './inbox/settle.ts';
import type { RemoteFetch, RemoteInit } from './remote-call.ts';
import type { RemoteAnswer } from './send-request.ts';
import type { NewEvent, Schema, StoredEvent } from './store/schema.ts';

/** A request to another service, named as the service's documentation names it. */
export interface OutgoingCall {
  service: string;
  operation: string;
  url: string;
  init: RemoteInit;
}

/** What a piece of work was about that is no attempt at an event. */
export interface Subject {
  installationId: string;
  /** `connection`: one whose calls are to be seen, whatever service they go to. */
  kind: 'install' | 'webhook' | 'form' | 'connection';
  title: string;
  /** That it is done for: what is kept of it goes with what that one says. */
  eventId?: string | undefined;
}

/** Decisions on the way, with what belongs into the blanks of their sentences; features add theirs. */
export interface Steps {
  /** The browser came back from the consent page; `askedAt` in epoch milliseconds. */
  'consent-given': { askedAt: number; authorizationUrl: string };
  'token-kept': object;
  'account-known': { account: string; outcome: string };
  'webhook-planned': { existing: number; limit: number; action: string };
  'webhook-remembered': object;
  'event-left-alone': { reason: string };
  'message-handled': object;
  'postback-handled': object;
  'start-handled': object;
  'hand-off-failure-handled': object;
  'reply-found': { number: number };
}
export type Step = { [Key in keyof Steps]: { key: Key } & Steps[Key] }[keyof Steps];

/** What can be counted; features/occurrences.ts has more. */
export interface Occurrences {
  'delivery-answered': { status: number | 'aborted' };
  /** A delivery was stored and is about to be acknowledged; those that were there already are among them. */
  'events-received': { events: readonly NewEvent[] };
  'attempt-settled': Settlement;
  /** Within the attempt; what comes of it is its settlement. */
  'attempt-failed': { error: unknown };
}

/** What befell an installation, for its owners; never with a secret in it. */
export interface Note {
  kind: string;
  text: string;
}

/**
 * A feature that watches: each hook is told what the core does, and none changes it. What wraps work has
 * to run it, once, and to return what it returns. Features may have more to tell each other (gone.ts).
 */
export interface Observer {
  /** Around an attempt at an event. */
  attempt?(event: StoredEvent, run: () => Promise<Settlement>): Promise<Settlement>;
  /** In the transaction that records how attempts ended; `at` in epoch milliseconds. */
  settle?: (
    transaction: Kysely<Schema>,
    settlements: readonly Settlement[],
    at: number,
  ) => Promise<void>;
  /** A browser that had no access to an installation has it now. */
  grant?: (installationId: string, ownerId: string) => Promise<void>;
  /** Of an installation; what comes of attempts is in their settlements. */
  note?: (installationId: string, kind: string, text: string) => Promise<void>;
  /**
   * In the transaction that deletes an installation: what is stored of it without a reference to it goes
   * along, and `last` says why it went.
   */
  remove?: (transaction: Kysely<Schema>, installationId: string, last: Note) => Promise<void>;
  /** Around any other work; the subject is undefined while nobody knows it: `conclude` says it then. */
  work?<Result>(subject: Subject | undefined, run: () => Promise<Result>): Promise<Result>;
  /** The work that is under way has turned out to be about this. */
  conclude?: (subject: Subject) => Promise<void>;
  /** Around a request to another service. */
  call?<Answer extends RemoteAnswer>(
    call: OutgoingCall,
    send: () => Promise<Answer>,
  ): Promise<Answer>;
  step?(step: Step): void;
  occur?: { [Name in keyof Occurrences]?: (details: Occurrences[Name]) => void };
}

export type Observe = ReturnType<typeof createObserve>;

/** Tells every observer, the first one outermost, what the core does. */
export function createObserve() {
  const observers: Observer[] = [];
  /** Each observer around the next one, the work inside. */
  function wrap<Result>(
    run: () => Promise<Result>,
    around: (observer: Observer, inner: () => Promise<Result>) => Promise<Result> | undefined,
  ): Promise<Result> {
    return observers.reduceRight(
      (inner, observer) => () => around(observer, inner) ?? inner(),
      run,
    )();
  }

  /** One observer after the other. */
  function tell<Given extends unknown[]>(
    hook: (observer: Observer) => ((...given: Given) => Promise<void>) | undefined,
  ) {
    return async (...given: Given): Promise<void> => {
      for (const observer of observers) await hook(observer)?.(...given);
    };
  }

  return {
    add: (observer: Observer): void => void observers.push(observer),

    attempt: (event: StoredEvent, run: () => Promise<Settlement>) =>
      wrap(run, (observer, inner) => observer.attempt?.(event, inner)),

    settle: tell((observer) => observer.settle),
    grant: tell((observer) => observer.grant),
    note: tell((observer) => observer.note),
    remove: tell((observer) => observer.remove),
    conclude: tell((observer) => observer.conclude),

    work: <Result>(subject: Subject | undefined, run: () => Promise<Result>) =>
      wrap(run, (observer, inner) => observer.work?.(subject, inner)),

    call: <Answer extends RemoteAnswer>(call: OutgoingCall, send: () => Promise<Answer>) =>
      wrap(send, (observer, inner) => observer.call?.(call, inner)),

    step(step: Step): void {
      for (const observer of observers) observer.step?.(step);
    },

    occur<Name extends keyof Occurrences>(name: Name, details: Occurrences[Name]): void {
      for (const observer of observers) observer.occur?.[name]?.(details);
    },
  };
}

/** `fetch` for the calls to a service, each of which the observers see. */
export const watchFetch =
  ({ call }: Pick<Observe, 'call'>, service: string): RemoteFetch =>
  (operation, url, init) =>
    call({ service, operation, url, init }, () => fetch(url, init));
