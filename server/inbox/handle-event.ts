import type { Core } from '../core.ts';
import type { Installation, StoredEvent } from '../store/schema.ts';
import { endWhenAborted } from '../timers.ts';
import { findReasonToIgnore } from '../runtime/dispatch.ts';
import { isTrigger, parseEvent, parseOtherEvent } from '../zendesk/events.ts';
import { converse, type ConverseDeps } from './converse.ts';
import { REPLACED_WITHIN_MS } from './claim.ts';
import { findRefusal, giveUp, prepare, type Occasion } from './event-hooks.ts';
import { findEventType, type EventTypes, type Job } from './event-types.ts';
import { conversationOf, isJob } from './lanes.ts';
import { fail, hasUsedUpAttempts, interrupted, judgeFailure, NeverEndedError } from './retry.ts';
import type { Settlement } from './settle.ts';
import { ShutdownError } from './worker.ts';

/** A terminal says it in more words. */
export const ATTEMPT_FAILED = 'An attempt failed.';
const RETRY_WHILE_REMOVING_MS = 5_000;

export interface EventDeps extends ConverseDeps, Pick<Core, 'database'> {
  eventTypes: EventTypes;
  runJob: (job: Job, installation: Installation, event: StoredEvent) => Promise<Settlement>;
}

/** Runs one attempt at an event. Never throws: a failure is a settlement too. */
export async function handleEvent(
  deps: EventDeps,
  event: StoredEvent,
  signal: AbortSignal,
): Promise<Settlement> {
  let occasion: Occasion | undefined;
  async function attempt(): Promise<Settlement> {
    const found = await findOccasion(deps, event, signal);
    if ('state' in found) return found;
    occasion = found;
    const prepared = await prepare(deps, found);
    if ('state' in prepared) return prepared;
    occasion = prepared;
    if (hasUsedUpAttempts(event)) throw new NeverEndedError(event);
    return await converse(deps, prepared);
  }
  try {
    return await endWhenAborted(attempt(), signal);
  } catch (error) {
    if (signal.reason instanceof ShutdownError)
      return interrupted(event, 'Interrupted by a shutdown.', deps.now());
    const ids = { installationId: event.installation_id, eventId: event.event_id };
    deps.log.warn({ ...ids, error, attempt: event.attempts }, ATTEMPT_FAILED);
    deps.observe.occur('attempt-failed', { error });
    const judged = deps.parts.map(({ judge }) => judge?.(event, error)).find(Boolean);
    const failed = judged ?? judgeFailure(event, error, deps.now());
    if (failed.state !== 'failed' || occasion === undefined) return failed;
    const { parsed } = occasion;
    // Nobody waits for an answer to what would have been left alone.
    if (parsed.type !== undefined && findReasonToIgnore(parsed, deps) !== undefined) return failed;
    const again = (another: Occasion) => converse(deps, another);
    return await giveUp(deps, { occasion, failed, error, converse: again });
  }
}

/** What the event is about and whether it can be answered; else how it is settled without an answer. */
async function findOccasion(
  deps: EventDeps,
  event: StoredEvent,
  signal: AbortSignal,
): Promise<Occasion | Settlement> {
  const installation = await deps.installations.find(event.installation_id);
  if (installation === undefined)
    return { event, state: 'ignored', note: 'The installation was removed.' };
  const own = findEventType(deps.eventTypes, event);
  // Also of an account that has left. A job decides itself when it is over.
  if (own && 'run' in own) return await deps.runJob(own, installation, event);
  if (own === undefined && (isJob(event) || !isTrigger(event.type)))
    return leaveToOthers(deps, event);
  const stored: unknown = JSON.parse(event.payload ?? 'null');
  const parsed = own === undefined ? parseEvent(stored) : parseOtherEvent(stored);
  if (parsed === undefined) return fail(event, 'The event does not have the documented shape.');
  if (installation.status === 'revoked')
    return { ...fail(event, 'Zendesk no longer accepts our token.'), dropPayload: true };
  if (installation.status !== 'active')
    return interrupted(event, 'Checked, or being removed.', deps.now() + RETRY_WHILE_REMOVING_MS);
  parsed.payload.conversation.id = conversationOf(event);
  const refusal = await findRefusal(deps, installation, parsed, event);
  if (refusal !== undefined) return { event, state: 'ignored', note: refusal };
  return { installation, event, parsed, signal, answer: own?.answer };
}

/**
 * No type that this version knows, and it would not have stored one. While instances are replaced another one may
 * know it, and does not meet us there again; else its feature was deleted.
 */
function leaveToOthers({ database, now }: EventDeps, event: StoredEvent): Settlement {
  const isAlone = database.dialect.serverTime === undefined;
  if (isAlone || now() - event.received_at >= REPLACED_WITHIN_MS)
    return { event, state: 'ignored', note: 'The feature that answers it was deleted.' };
  return interrupted(event, 'Another version of this app may know what to do.', now());
}
