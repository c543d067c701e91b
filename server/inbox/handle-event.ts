import type { Core } from '../core.ts';
import { addLogDetails, type Log } from '../log.ts';
import type { Installation, StoredEvent } from '../store/schema.ts';
import { endWhenAborted } from '../timers.ts';
import { isUpkeepEvent, parseEvent } from '../zendesk/events.ts';
import { AccountLimitedError } from './account-pauses.ts';
import { converse, type ConverseDeps, type Occasion } from './converse.ts';
import { removeConversation, type CustomerDeps } from './customers/customers.ts';
import type { Settlement } from './settle.ts';
import { giveUp } from './give-up.ts';
import { joinMessages, settleTogether } from './join.ts';
import { isJob } from './lanes.ts';
import { findOwnHandler, OwnEvent, type OwnHandler } from './own-events.ts';
import { handleUpkeep, isRemoved } from './customers/removed.ts';
import {
  fail,
  hasUsedUpAttempts,
  interrupted,
  judgeFailure,
  judgeLimit,
  NeverEndedError,
} from './retry.ts';
import { ShutdownError } from './worker.ts';

/** A terminal says it in more words. */
export const ATTEMPT_FAILED = 'An attempt failed.';
const RETRY_WHILE_REMOVING_MS = 5_000;

/** A job of our own that waits in the inbox beside Zendesk's events. */
export type Job = (installation: Installation, event: StoredEvent) => Promise<Settlement>;

export interface EventDeps
  extends Omit<ConverseDeps, 'observe'>, Omit<CustomerDeps, 'observe'>, Pick<Core, 'merges'> {
  events: { pauses: Pick<Core['events']['pauses'], 'endProbe'> };
  observe: ConverseDeps['observe'] & CustomerDeps['observe'] & Pick<Core['observe'], 'occur'>;
  jobs: Readonly<Record<string, Job>>;
}

/** Runs one attempt at an event. Never throws: a failure is a settlement too. */
export async function handleEvent(
  deps: EventDeps,
  event: StoredEvent,
  signal: AbortSignal,
): Promise<Settlement> {
  const log = logAbout(deps.log, event);
  let occasion: Occasion | undefined;
  async function attempt(): Promise<Settlement> {
    const found = await findOccasion(deps, event, signal);
    const joined = 'state' in found ? found : await joinMessages(deps, found);
    if ('state' in joined) return joined;
    occasion = joined;
    if (hasUsedUpAttempts(event)) throw new NeverEndedError(event);
    return await converse(deps, joined);
  }
  async function settle(): Promise<Settlement> {
    try {
      return await endWhenAborted(attempt(), signal);
    } catch (error) {
      if (signal.reason instanceof ShutdownError)
        return interrupted(event, 'Interrupted by a shutdown.', deps.now());
      log.warn({ error, attempt: event.attempts }, ATTEMPT_FAILED);
      deps.observe.occur('attempt-failed', { error });
      const failed =
        error instanceof AccountLimitedError
          ? judgeLimit(event, error, deps.now())
          : judgeFailure(event, error, deps.now());
      if (failed.state !== 'failed' || occasion === undefined) return failed;
      return await giveUp(deps, occasion, { failed, error });
    }
  }
  try {
    return settleTogether(await settle(), occasion?.joined, deps.now);
  } finally {
    await deps.events.pauses
      .endProbe(event.installation_id, event.seq)
      .catch((error: unknown) =>
        log.warn({ error }, 'The next event of a paused account has to wait a little.'),
      );
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
  const job = isJob(event) ? deps.jobs[event.type] : undefined;
  // A job decides itself when it is over; events are not repeated for ever.
  if (job !== undefined) return await job(installation, event);
  const answer = isJob(event) ? findOwnHandler(deps.parts, event.type) : undefined;
  if (isJob(event) && answer === undefined)
    return { event, state: 'ignored', note: 'The feature that answers it was deleted.' };
  const parsed = parse(event, answer);
  if (parsed === undefined) return fail(event, 'The event does not have the documented shape.');
  // Also of an account that has left: its customers may be deleted all the same.
  if (!('answer' in parsed) && isUpkeepEvent(parsed)) {
    if (hasUsedUpAttempts(event)) return fail(event, new NeverEndedError(event).message);
    return await handleUpkeep(deps, event, parsed);
  }
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
  return { installation, event, parsed, signal };
}

/** Undefined when it cannot be read. */
function parse({ payload }: StoredEvent, answer: OwnHandler | undefined) {
  const stored: unknown = JSON.parse(payload ?? 'null');
  if (answer === undefined) return parseEvent(stored);
  const own = OwnEvent.safeParse(stored).data;
  return own && { ...own, answer };
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
