import type { Core } from '../core.ts';
import type { RemoteCall } from '../remote-call.ts';
import type { Answer } from '../runtime/visit.ts';
import type { Installation, NewEvent, StoredEvent } from '../store/schema.ts';
import type { ConversationEvent, MessageEvent, OtherEvent } from '../zendesk/events.ts';
import type { Settlement } from './settle.ts';

/** What a feature may do with events on their way to the bot, and with what is done about them. */
export interface EventHooks {
  /**
   * After a delivery with another key than the webhook's: stores its secret, should it have changed. Returns
   * false when that cannot be known; then Zendesk is asked to send the delivery again.
   */
  refreshSecret?: (installationId: string) => Promise<boolean>;
  /** How long an event that arrives waits before it is handled, in milliseconds. */
  delay?: (event: NewEvent) => number;
  /**
   * Why an event is left alone; undefined: it is not. Asked of what is delivered, which is then dropped
   * unstored, and once more of what was stored before it is handled: `stored`.
   */
  refuse?: (
    installation: Installation,
    event: object,
    stored?: StoredEvent,
  ) => Promise<string | undefined>;
  /** Whether so many more events of an account may be stored now; else Zendesk is asked to send them later. */
  hasRoom?: (installationId: string, events: number) => Promise<boolean>;
  /** Before the bot is asked, at each attempt: what is answered instead, or by whom, or how the event is settled. */
  prepare?: (occasion: Occasion) => Prepared | Promise<Prepared>;
  /** Around the calls to Zendesk made for an installation, in attempts or not. */
  watchCalls?: (installation: Installation, call: RemoteCall) => RemoteCall;
  /** What becomes of an event after an attempt failed; undefined: what the core makes of such a failure. */
  judge?: (event: StoredEvent, error: unknown) => Settlement | undefined;
  /** Of what the bot will never answer: what else is to be said, and how the event is settled then. Must not throw. */
  giveUp?: (failure: Failure) => Promise<Settlement>;
}

/** An attempt at something that happened in a conversation. */
export interface Occasion {
  installation: Installation;
  event: StoredEvent;
  /** Zendesk's event, or one of a type that a feature takes care of. */
  parsed: ConversationEvent | OtherEvent;
  /** What a feature does about it, in place of the bot's handler. */
  answer?: Answer | undefined;
  /** When that arrived, where it was not with the event. */
  receivedAt?: number | undefined;
  /** Messages before it that are answered with it. */
  earlier?: readonly MessageEvent[];
  signal: AbortSignal;
}

type Prepared = Occasion | Settlement;

/** An event that is not tried again. */
export interface Failure {
  occasion: Occasion;
  failed: Settlement;
  error: unknown;
  /** Goes into the conversation once more, with another `answer` or for another time. */
  converse: (occasion: Occasion) => Promise<Settlement>;
}

/** Why a feature has an event left alone, if one does; `stored` when it is about to be handled. */
export async function findRefusal(
  { parts }: Pick<Core, 'parts'>,
  installation: Installation,
  event: object,
  stored?: StoredEvent,
): Promise<string | undefined> {
  for (const { refuse } of parts) {
    if (refuse === undefined) continue;
    const reason = await refuse(installation, event, stored);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Asks the features, one after the other, until one settles it. */
export async function prepare(
  { parts }: Pick<Core, 'parts'>,
  occasion: Occasion,
): Promise<Prepared> {
  let prepared = occasion;
  for (const { prepare: change } of parts) {
    const changing = change?.(prepared) ?? prepared;
    // Most have an answer at once, and a message has no time to lose.
    const changed = changing instanceof Promise ? await changing : changing;
    if ('state' in changed) return changed;
    prepared = changed;
  }
  return prepared;
}

/** Asks the features, one after the other. */
export async function giveUp(
  { parts }: Pick<Core, 'parts'>,
  failure: Failure,
): Promise<Settlement> {
  let { failed } = failure;
  for (const part of parts) failed = (await part.giveUp?.({ ...failure, failed })) ?? failed;
  return failed;
}
