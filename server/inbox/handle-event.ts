import type { Core } from '../core.ts';
import { addLogDetails, type Log } from '../log.ts';
import { dispatchEvent, nameController, type ControlRule } from '../runtime/dispatch.ts';
import { createTools } from '../runtime/tools.ts';
import type { Bot } from '../runtime/types.ts';
import type { Installation, StoredEvent } from '../store/schema.ts';
import { isUpkeepEvent, parseEvent, type ConversationEvent } from '../zendesk/events.ts';
import { AccountLimitedError } from './account-pauses.ts';
import { removeConversation, type CustomerDeps } from './customers.ts';
import type { Settlement } from './events.ts';
import { isJob } from './lanes.ts';
import { handleUpkeep, isRemoved } from './removed.ts';
import { fail, interrupted, judgeFailure, judgeLimit, possiblyAnswered } from './retry.ts';
import { ShutdownError } from './worker.ts';

/** For this long after a hand-off an event's own view of control is checked before it is believed. */
const RECENT_HAND_OFF_MS = 60_000;
const RETRY_WHILE_REMOVING_MS = 5_000;

/** A job of our own that waits in the inbox beside Zendesk's events. */
export type Job = (installation: Installation, event: StoredEvent) => Promise<Settlement>;

export interface EventDeps
  extends CustomerDeps, Pick<Core, 'installations' | 'conversations' | 'merges' | 'parts' | 'log'> {
  zendesk: Pick<Core['zendesk'], 'clientFor'>;
  events: { pauses: Pick<Core['events']['pauses'], 'endProbe'> };
  observe: Pick<Core['observe'], 'step' | 'dropWords'>;
  bot: Bot;
  rule: ControlRule;
  jobs: Readonly<Record<string, Job>>;
  /** When the database was put back from a backup, in epoch milliseconds. */
  restoredAt: () => number | undefined;
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
  const parsed = parseEvent(JSON.parse(event.payload ?? 'null'));
  // Also of an account that has left: its customers may be deleted all the same.
  if (isUpkeepEvent(parsed)) return await handleUpkeep(deps, event, parsed);
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
  return await handleConversationEvent(deps, installation, event, parsed, signal);
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

async function handleConversationEvent(
  deps: EventDeps,
  installation: Installation,
  event: StoredEvent,
  parsed: ConversationEvent,
  signal: AbortSignal,
): Promise<Settlement> {
  const { installations, conversations, rule, observe, now } = deps;
  const { id, activeSwitchboardIntegration: active } = parsed.payload.conversation;
  const known = await conversations.find(installation.id, id);
  const handedOffRecently = (known?.handed_off_at ?? 0) > now() - RECENT_HAND_OFF_MS;
  const isPossiblyAnswered = possiblyAnswered(event, deps.restoredAt());
  const client = await deps.zendesk.clientFor(installation);
  const openTools = () =>
    createTools({
      conversations: client.conversations,
      delivery: {
        eventId: event.event_id,
        conversationId: id,
        receivedAt: event.received_at,
        possiblyAnswered: isPossiblyAnswered,
      },
      rule,
      more: deps.parts.map(({ tools }) => tools?.(installation)),
      trustEvent: !isPossiblyAnswered && !handedOffRecently,
      signal,
      observe,
      now,
      log: logAbout(deps.log, event),
    });
  const result = await dispatchEvent({ bot: deps.bot, rule, observe, openTools }, parsed);
  // The only place where our integration id can be learned: the install does not tell it.
  const integrationId =
    active?.integrationType === rule.clientId ? active.integrationId : undefined;
  if (integrationId !== undefined && integrationId !== installation.integration_id)
    await installations.update(installation.id, { integration_id: integrationId });
  const isNews = result.state === 'done' || parsed.type.startsWith('switchboard:');
  return {
    event,
    state: result.state,
    note: result.note,
    ...(isNews ? { activity: { kind: parsed.type, text: result.note } } : {}),
    conversation: {
      conversation_id: id,
      user_id: readUserId(parsed) ?? known?.user_id ?? null,
      controller: result.handedOff ? 'handed over' : nameController(active),
      last_event_at: event.received_at,
      ...(result.handedOff ? { handed_off_at: now() } : {}),
    },
  };
}

function readUserId(event: ConversationEvent): string | undefined {
  switch (event.type) {
    case 'conversation:message': {
      const { author } = event.payload.message;
      return author.user?.id ?? author.userId ?? undefined;
    }
    case 'conversation:postback':
    case 'conversation:create':
      return event.payload.user?.id;
    default:
      return undefined;
  }
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
