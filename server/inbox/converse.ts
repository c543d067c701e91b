import type { Core } from '../core.ts';
import { addLogDetails } from '../log.ts';
import {
  isInControl,
  isUs,
  nameController,
  type Controller,
  type ControlRule,
} from '../runtime/control.ts';
import { dispatchEvent } from '../runtime/dispatch.ts';
import { createTools, type ToolsResult } from '../runtime/tools.ts';
import {
  unlessControlIsLost,
  type DispatchResult,
  type ToolsFor,
  type Visit,
} from '../runtime/visit.ts';
import type { Installation } from '../store/schema.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import { readChannel, readCustomer, type EventCustomer } from '../zendesk/events.ts';
import type { Settlement, Write } from './settle.ts';
import type { Occasion } from './event-hooks.ts';
import { isOurs } from './lanes.ts';
import { attemptOfRound, possiblyAnswered } from './retry.ts';

/** For this long after a hand-off an event's own view of control is checked before it is believed. */
const RECENT_HAND_OFF_MS = 60_000;

export interface ConverseDeps extends Pick<
  Core,
  'bot' | 'installations' | 'conversations' | 'parts' | 'observe' | 'log' | 'now'
> {
  zendesk: Pick<Core['zendesk'], 'clientFor'>;
  rule: ControlRule;
  /** When the database was put back from a backup, in epoch milliseconds. */
  restoredAt: () => number | undefined;
}

/** Lets the bot answer. Returns how it ended, with everything that is to be remembered of it. */
export async function converse(deps: ConverseDeps, occasion: Occasion): Promise<Settlement> {
  const { installation, parsed, answer } = occasion;
  const { visit, settle } = await enter(deps, occasion);
  const result =
    answer === undefined
      ? await dispatchEvent(visit, parsed)
      : await unlessControlIsLost(visit, () => answer(visit, parsed.payload));
  await learnIntegrationId(deps, installation, visit.active);
  return settle(result);
}

/** What is known of the conversation before anything is done in it, and what is remembered of it afterwards. */
async function enter(deps: ConverseDeps, occasion: Occasion) {
  const { bot, conversations, rule, observe, now } = deps;
  const { installation, event, parsed, signal } = occasion;
  const { id } = parsed.payload.conversation;
  const isOwn = isOurs(event.type);
  const known = await conversations.find(installation.id, id);
  const client = await deps.zendesk.clientFor(installation);
  // What an event of Zendesk's says of control, a feature's does not; and one that is replayed said it long ago.
  const { activeSwitchboardIntegration: active } = isOwn
    ? await client.conversations.get(id)
    : parsed.payload.conversation;
  const isPossiblyAnswered = possiblyAnswered(event, deps.restoredAt());
  const isOld = isPossiblyAnswered && !isOwn && (known?.last_event_at ?? 0) > event.received_at;
  const isHandedOff = (known?.handed_off_at ?? 0) > now() - RECENT_HAND_OFF_MS;
  const isBelieved = isOwn || (!isPossiblyAnswered && !isHandedOff);
  const knownAt = isOwn ? now() : (occasion.receivedAt ?? event.received_at);
  let customer: EventCustomer | undefined = readCustomer(parsed);
  if (known?.user_id) customer ??= { id: known.user_id };
  const writes: Write[] = [];
  let isSettled = false;
  function onSettle(write: Write): void {
    // Without a word it would be lost.
    if (isSettled)
      throw new TypeError(
        'Too late to remember this, or to set an alarm: the handler has returned. Put `await` before what it calls.',
      );
    writes.push(write);
  }
  const visit: Visit = {
    bot,
    rule,
    active,
    observe,
    conversations: client.conversations,
    earlier: occasion.earlier ?? [],
    reading: {
      receivedAt: event.received_at,
      readMore: (message) =>
        deps.parts.map(({ readMessage }) => readMessage?.(message, { client, signal })),
    },
    openTools: async (options = {}) =>
      await openTools(deps, occasion, {
        ...options,
        client,
        customer: (customer ??= { id: await findCustomerId(client, id) }),
        isPossiblyAnswered,
        controlKnownAt: isBelieved && isInControl(active, rule) ? knownAt : 0,
        onSettle,
      }),
  };
  return {
    visit,
    settle: ({ state, note, controller }: DispatchResult): Settlement => {
      isSettled = true;
      const isNews = state === 'done' || event.type.startsWith('switchboard:');
      const hasLeft = controller !== undefined && controller !== rule.clientId;
      return {
        event,
        state,
        note,
        ...(isNews ? { activity: { kind: event.type, text: note } } : {}),
        conversation: {
          conversation_id: id,
          user_id: customer?.id ?? null,
          controller: controller ?? (isOld && known ? known.controller : nameController(active)),
          last_event_at: Math.max(event.received_at, known?.last_event_at ?? 0),
          ...(hasLeft ? { handed_off_at: now() } : {}),
        },
        ...(state === 'done' ? { writes } : {}),
      };
    },
  };
}

/** From the events in which we are in control: the install does not tell it. */
async function learnIntegrationId(
  { installations, rule }: Pick<ConverseDeps, 'installations' | 'rule'>,
  installation: Installation,
  active: Controller,
): Promise<void> {
  const id = isUs(active, rule) ? active?.integrationId : undefined;
  if (id !== undefined && id !== installation.integration_id)
    await installations.update(installation.id, { integration_id: id });
}

async function openTools(
  deps: ConverseDeps,
  { installation, event, parsed, signal }: Occasion,
  found: ToolsFor & {
    client: ZendeskClient;
    customer: EventCustomer;
    isPossiblyAnswered: boolean;
    controlKnownAt: number;
    onSettle: (write: Write) => void;
  },
): Promise<ToolsResult> {
  const { client, customer } = found;
  const { conversation } = parsed.payload;
  const attempt = {
    installation,
    client,
    event,
    conversationId: conversation.id,
    messageId: 'message' in parsed.payload ? parsed.payload.message?.id : undefined,
    customer: {
      id: customer.id,
      externalId: customer.externalId ?? undefined,
      isAuthenticated: customer.authenticated ?? undefined,
    },
    signal,
    log: addLogDetails(deps.log, { installationId: installation.id, eventId: event.event_id }),
    onSettle: found.onSettle,
  };
  return createTools({
    rule: deps.rule,
    observe: deps.observe,
    now: deps.now,
    delivery: {
      eventId: event.event_id,
      conversationId: conversation.id,
      receivedAt: event.received_at,
      possiblyAnswered: found.isPossiblyAnswered,
      about: found.about,
    },
    conversation: {
      id: conversation.id,
      channel: readChannel(parsed),
      metadata: conversation.metadata ?? {},
    },
    openMore: (send) => {
      const given = { ...attempt, send };
      return Promise.all(
        deps.parts.flatMap(({ tools }) => (tools ? [Promise.resolve(tools(given))] : [])),
      );
    },
    ...found,
    ...attempt,
    event: { id: event.event_id, attempt: attemptOfRound(event), signal },
  });
}

/** Of an event that names nobody, in a conversation we see for the first time. */
async function findCustomerId(client: ZendeskClient, conversationId: string): Promise<string> {
  const participants = await client.conversations.listParticipants(conversationId);
  const id = participants.find(({ userId }) => userId)?.userId;
  if (!id) throw new Error('Zendesk names no customer of the conversation.');
  return id;
}
