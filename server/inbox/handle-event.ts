import type { Core } from '../core.ts';
import { addLogDetails, type Log } from '../log.ts';
import type { Installation, StoredEvent } from '../store/schema.ts';
import { isUpkeepEvent, parseEvent } from '../zendesk/events.ts';
import { AccountLimitedError } from './account-pauses.ts';
import { converse, type ConverseDeps } from './converse.ts';
import { removeConversation, type CustomerDeps } from './customers.ts';
import type { Settlement } from './events.ts';
import { isJob } from './lanes.ts';
import { findOwnHandler, OwnEvent } from './own-events.ts';
import { handleUpkeep, isRemoved } from './removed.ts';
import { fail, interrupted, judgeFailure, judgeLimit } from './retry.ts';
import { ShutdownError } from './worker.ts';

const RETRY_WHILE_REMOVING_MS = 5_000;

/** A job of our own that waits in the inbox beside Zendesk's events. */
export type Job = (installation: Installation, event: StoredEvent) => Promise<Settlement>;

export interface EventDeps
  extends Omit<ConverseDeps, 'observe'>, Omit<CustomerDeps, 'observe'>, Pick<Core, 'merges'> {
  events: { pauses: Pick<Core['events']['pauses'], 'endProbe'> };
  observe: ConverseDeps['observe'] & CustomerDeps['observe'];
  jobs: Readonly<Record<string, Job>>;
}

/** Runs one attempt at an event. Never throws: a failure is a settlement too. */
export async function handleEvent(
  deps: EventDeps,
  event: StoredEvent,
  signal: AbortSignal,
): Promise<Settlement> {
  const log = logAbout(deps.log, event);
  try {
    return await endWhenAborted(attempt(deps, event, signal), signal);
  } catch (error) {
    if (signal.reason instanceof ShutdownError)
      return interrupted(event, 'Interrupted by a shutdown.', deps.now());
    log.warn({ error, attempt: event.attempts }, 'An attempt failed.');
    if (error instanceof AccountLimitedError) return judgeLimit(event, error, deps.now());
    return judgeFailure(event, error, deps.now());
  } finally {
    await deps.events.pauses
      .endProbe(event.installation_id, event.seq)
      .catch((error: unknown) =>
        log.warn({ error }, 'The next event of a paused account has to wait a little.'),
      );
  }
}

async function attempt(
  deps: EventDeps,
  event: StoredEvent,
  signal: AbortSignal,
): Promise<Settlement> {
  const installation = await deps.installations.find(event.installation_id);
  if (installation === undefined)
    return { event, state: 'ignored', note: 'The installation was removed.' };
  const job = isJob(event) ? deps.jobs[event.type] : undefined;
  // A job decides itself when it is over; events are not repeated for ever.
  if (job !== undefined) return await job(installation, event);
  if (event.attempts > event.attempts_allowed)
    return fail(event, `Given up after ${event.attempts - 1} attempts that never ended.`);
  const stored: unknown = JSON.parse(event.payload ?? 'null');
  const answer = isJob(event) ? findOwnHandler(deps.parts, event.type) : undefined;
  if (isJob(event) && answer === undefined)
    return { event, state: 'ignored', note: 'The feature that answers it was deleted.' };
  const parsed = answer === undefined ? parseEvent(stored) : { ...OwnEvent.parse(stored), answer };
  // Also of an account that has left: its customers may be deleted all the same.
  if (!('answer' in parsed) && isUpkeepEvent(parsed))
    return await handleUpkeep(deps, event, parsed);
  if (installation.status === 'revoked')
    return { ...fail(event, 'Zendesk no longer accepts our token.'), dropPayload: true };
  if (installation.status === 'removing')
    return interrupted(event, 'Being removed.', deps.now() + RETRY_WHILE_REMOVING_MS);
  const { conversation } = parsed.payload;
  conversation.id = await findWhereItLivesOn(deps, event, conversation.id);
  if (await isRemoved(deps, installation, parsed)) {
    // Stored while the removal was under way; this settles the event as well.
    await removeConversation(deps, installation.id, conversation.id);
    return { event, state: 'ignored', note: 'Its customer was deleted.' };
  }
  return await converse(deps, { installation, event, parsed, signal });
}

/**
 * The conversation of an event may have been merged into another one since. Looked up only where there is
 * a sign of it: the event was moved along, or an attempt has failed, because Zendesk finds it no more.
 */
async function findWhereItLivesOn(
  { merges }: EventDeps,
  { installation_id: installationId, conversation_key: lane, attempts }: StoredEvent,
  id: string,
): Promise<string> {
  const wasMoved = !lane.endsWith(`/${id}`);
  if (!wasMoved && attempts === 1) return id;
  return (await merges.findSurvivingConversation(installationId, id)) ?? id;
}

function logAbout(log: Log, { installation_id: installationId, event_id: eventId }: StoredEvent) {
  return addLogDetails(log, { installationId, eventId });
}

/**
 * The work's outcome, or the signal's reason if that comes first. Nothing of an attempt may be reachable
 * once it has ended: its listener is removed.
 */
async function endWhenAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let refuse = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    refuse = () => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted.'));
    if (signal.aborted) refuse();
    signal.addEventListener('abort', refuse);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', refuse);
  }
}
