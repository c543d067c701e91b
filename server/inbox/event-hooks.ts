import type { Core } from '../core.ts';
import type { RemoteCall } from '../remote-call.ts';
import type { Installation, NewEvent, StoredEvent } from '../store/schema.ts';
import type { ConversationEvent, MessageEvent } from '../zendesk/events.ts';
import type { OwnEvent, OwnHandler } from './event-types.ts';
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
  /**
   * Of what happened in a conversation, before the bot is asked, at each attempt: what is to be answered
   * instead, or how the event is settled without an answer.
   */
  prepare?: (occasion: Occasion) => Promise<Occasion | Settlement>;
  /** Around the calls to Zendesk made for an installation, in attempts or not. */
  watchCalls?: (installationId: string, call: RemoteCall) => RemoteCall;
  /** What becomes of an event after an attempt failed; undefined: what the core makes of such a failure. */
  judge?: (event: StoredEvent, error: unknown) => Settlement | undefined;
}

/** An attempt at something that happened in a conversation. */
export interface Occasion {
  installation: Installation;
  event: StoredEvent;
  /** Zendesk's event, or one of a feature with what answers it. */
  parsed: ConversationEvent | (OwnEvent & { answer: OwnHandler });
  /** When that arrived, where it was not with the event. */
  receivedAt?: number | undefined;
  /** Messages before it that are answered with it. */
  earlier?: readonly MessageEvent[];
  signal: AbortSignal;
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
): Promise<Occasion | Settlement> {
  let prepared = occasion;
  for (const { prepare: change } of parts) {
    if (change === undefined) continue;
    const changed = await change(prepared);
    if ('state' in changed) return changed;
    prepared = changed;
  }
  return prepared;
}
