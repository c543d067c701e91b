import type { Observe } from '../observe.ts';
import { addLogDetails } from '../runtime/add-log-details.ts';
import { createTools } from '../runtime/create-tools.ts';
import { nameController, type ControlRule } from '../runtime/control.ts';
import { dispatchEvent } from '../runtime/dispatch.ts';
import type { Log } from '../log.ts';
import type { FeatureParts } from '../features/feature.ts';
import type { Bot } from '../runtime/types.ts';
import type { ConversationStore } from '../store/tables/conversations.ts';
import type { CustomerStore } from '../store/tables/customers.ts';
import type { InstallationStore } from '../store/tables/installations.ts';
import { isJob } from './lanes.ts';
import type { MergeStore } from '../store/tables/merges.ts';
import type { Installation, StoredEvent } from '../store/schema.ts';
import type { Zendesk } from '../zendesk/client.ts';
import { isUpkeepEvent, parseEvent, type ConversationEvent } from '../zendesk/events.ts';
import { AccountLimitedError, type AccountPauses } from './account-pauses.ts';
import type { HandleEvent } from './create-worker.ts';
import type { IsRemoved } from './drop-removed.ts';
import type { Settlement } from './event-store.ts';
import { handleUpkeep } from './handle-upkeep.ts';
import { fail, interrupted, judgeFailure, judgeLimit } from './judge-failure.ts';
import { mayBeAnswered } from './may-be-answered.ts';
import { endWhenAborted, ShutdownError } from './run-attempt.ts';

/** For this long after a hand-off an event's own view of control is checked before it is believed. */
const RECENT_HAND_OFF_MS = 60_000;
const RETRY_WHILE_REMOVING_MS = 5_000;

/** A job of our own that waits in the inbox beside Zendesk's events. */
export type Job = (installation: Installation, event: StoredEvent) => Promise<Settlement>;

/** Builds what the worker runs for each event it claims. */
export function createEventHandler(options: {
  bot: Bot;
  rule: ControlRule;
  installations: InstallationStore;
  conversations: ConversationStore;
  customers: CustomerStore;
  merges: Pick<MergeStore, 'findSurvivingConversation'>;
  /** Whether the customer or the conversation was deleted in the meantime. */
  isRemoved: IsRemoved;
  zendesk: Pick<Zendesk, 'clientFor'>;
  parts: readonly FeatureParts[];
  pauses: AccountPauses;
  jobs: Readonly<Record<string, Job>>;
  /** When the database was put back from a backup, in epoch milliseconds. */
  restoredAt: () => number | undefined;
  observe: Observe;
  now: () => number;
  log: Log;
}): HandleEvent {
  const { installations, conversations, observe, now } = options;

  const logAbout = ({ installation_id: installationId, event_id: eventId }: StoredEvent): Log =>
    addLogDetails(options.log, { installationId, eventId });

  async function handle(event: StoredEvent, signal: AbortSignal): Promise<Settlement> {
    const installation = await installations.find(event.installation_id);
    if (installation === undefined)
      return { event, state: 'ignored', note: 'The installation was removed.' };
    const job = isJob(event) ? options.jobs[event.type] : undefined;
    // A job decides itself when it is over; events are not repeated for ever.
    if (job !== undefined) return await job(installation, event);
    if (event.attempts > event.attempts_allowed) {
      return fail(event, `Given up after ${event.attempts - 1} attempts that never ended.`);
    }
    const parsed = parseEvent(JSON.parse(event.payload ?? 'null'));
    // Also of an account that has left: its customers may be deleted all the same.
    if (isUpkeepEvent(parsed)) return await handleUpkeep(options.customers, event, parsed);
    if (installation.status === 'revoked') {
      return { ...fail(event, 'Zendesk no longer accepts our token.'), dropPayload: true };
    }
    if (installation.status === 'removing') {
      return {
        event,
        state: 'waiting',
        note: 'Being removed.',
        runAt: now() + RETRY_WHILE_REMOVING_MS,
        isUncounted: true,
      };
    }
    const { conversation } = parsed.payload;
    conversation.id = await findWhereItLivesOn(event, conversation.id);
    if (await options.isRemoved(installation, parsed)) {
      // Stored while the removal was under way; this settles the event as well.
      await options.customers.removeConversation(installation.id, conversation.id);
      return { event, state: 'ignored', note: 'Its customer was deleted.' };
    }
    return await handleConversationEvent(installation, event, parsed, signal);
  }

  /**
   * The conversation of an event may have been merged into another one since. Looked up only where there is
   * a sign of it: the event was moved along, or an attempt has failed, because Zendesk finds it no more.
   */
  async function findWhereItLivesOn(event: StoredEvent, id: string): Promise<string> {
    const wasMoved = !event.conversation_key.endsWith(`/${id}`);
    if (!wasMoved && event.attempts === 1) return id;
    const { installation_id: installationId } = event;
    return (await options.merges.findSurvivingConversation(installationId, id)) ?? id;
  }

  async function handleConversationEvent(
    installation: Installation,
    event: StoredEvent,
    parsed: ConversationEvent,
    signal: AbortSignal,
  ): Promise<Settlement> {
    const { id, activeSwitchboardIntegration: active } = parsed.payload.conversation;
    const known = await conversations.find(installation.id, id);
    const handedOffRecently = (known?.handed_off_at ?? 0) > now() - RECENT_HAND_OFF_MS;
    const isRepeat = mayBeAnswered(event, options.restoredAt());
    const client = await options.zendesk.clientFor(installation);
    const result = await dispatchEvent(parsed, {
      bot: options.bot,
      rule: options.rule,
      observe,
      openTools: () =>
        createTools({
          conversations: client.conversations,
          delivery: {
            eventId: event.event_id,
            conversationId: id,
            receivedAt: event.received_at,
            mayBeAnswered: isRepeat,
          },
          rule: options.rule,
          more: options.parts.map(({ tools }) => tools?.(installation)),
          trustEvent: !isRepeat && !handedOffRecently,
          signal,
          observe,
          now,
          log: logAbout(event),
        }),
    });
    if (active?.integrationType === options.rule.clientId && active.integrationId !== undefined) {
      await rememberIntegration(installation, active.integrationId);
    }
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

  /** The only place where our integration id can be learned: the install does not tell it. */
  async function rememberIntegration(
    installation: Installation,
    integrationId: string,
  ): Promise<void> {
    if (installation.integration_id === integrationId) return;
    await installations.update(installation.id, { integration_id: integrationId });
  }

  return async (event, signal) => {
    try {
      return await endWhenAborted(handle(event, signal), signal);
    } catch (error) {
      if (signal.reason instanceof ShutdownError)
        return interrupted(event, 'Interrupted by a shutdown.', now());
      logAbout(event).warn({ error, attempt: event.attempts }, 'An attempt failed.');
      if (error instanceof AccountLimitedError) return judgeLimit(event, error, now());
      return judgeFailure(event, error, now());
    } finally {
      await options.pauses.endProbe(event.installation_id, event.seq).catch((error: unknown) => {
        logAbout(event).warn({ error }, 'The next event of a paused account has to wait a little.');
      });
    }
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
