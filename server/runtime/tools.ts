import type { Log } from '../log.ts';
import type { Observe } from '../observe.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import type {
  CarouselItem,
  MessageAction,
  MessageContent,
  Metadata,
} from '../zendesk/conversations.ts';
import { openCustomer, type KnownCustomer } from './customer.ts';
import {
  AGENT_WORKSPACE,
  ControlLostError,
  isInControl,
  releaseControl,
  type Controller,
  type ControlRule,
} from './control.ts';
import { openHistory } from './history.ts';
import { createOutbox, type Delivery } from './outbox.ts';
import { fitCarousel, fitHandOff, fitReply, neutraliseShorthand, splitText } from './text.ts';
import type { CoreTools, ReplyButton, Tools } from './types.ts';
import { openCall } from './zendesk-call.ts';

/** An event says who was in control when it happened; after this long that is asked again. */
const CONTROL_TRUSTED_MS = 2_000;

export interface ToolsResult {
  tools: Tools;
  /** What was done, in the order it was done, for the activity list. */
  done: { handedOff: boolean; ended: boolean; replies: number };
}

/** What an event says of its conversation. */
export interface Subject {
  customer: KnownCustomer;
  channel: string | undefined;
  metadata: Readonly<Record<string, unknown>>;
  /** Of the message, where it is one. */
  messageId: string | undefined;
}

/** Builds what a handler receives for one event. */
export function createTools(options: {
  client: ZendeskClient;
  delivery: Delivery;
  about: Subject;
  rule: ControlRule;
  /** False when something suggests that the event's view of control is old. */
  trustEvent: boolean;
  /** Why nothing can be sent, from the start. */
  over?: string | undefined;
  observe: Pick<Observe, 'step'>;
  /** What features add. */
  more: readonly (Partial<Tools> | undefined)[];
  signal: AbortSignal;
  now: () => number;
  log: Log;
}): ToolsResult {
  const { client, delivery, about, rule, signal, now, log } = options;
  const { conversations } = client;
  const { eventId, conversationId } = delivery;
  const sendOnce = createOutbox({ ...options, conversations });
  const done = { handedOff: false, ended: false, replies: 0 };
  let { over } = options;
  let controlKnownAt = options.trustEvent ? delivery.receivedAt : 0;

  function checkOpen(): void {
    signal.throwIfAborted();
    if (over !== undefined) throw new Error(over);
  }

  async function checkControl(): Promise<void> {
    if (now() - controlKnownAt <= CONTROL_TRUSTED_MS) return;
    const { activeSwitchboardIntegration: active } = await conversations.get(conversationId);
    if (!isInControl(active, rule)) throw new ControlLostError(active, rule);
    controlKnownAt = now();
  }

  async function send(content: MessageContent): Promise<void> {
    checkOpen();
    await sendOnce(content, checkControl);
    done.replies += 1;
  }

  /** Also when an attempt before this one did so, and its answer was lost: that is no hand-off of somebody else. */
  async function passControl(to: string, metadata: Metadata): Promise<void> {
    try {
      await checkControl();
    } catch (error) {
      const isDone = delivery.possiblyAnswered && error instanceof ControlLostError;
      if (isDone && isCalled(error.active, to)) return;
      throw error;
    }
    await conversations.passControl(conversationId, { switchboardIntegration: to, metadata });
  }

  const { messageId } = about;
  const own: CoreTools = {
    log,
    event: { id: eventId, attempt: delivery.attempt, signal },
    customer: openCustomer(client.users, about.customer),
    conversation: { id: conversationId, channel: about.channel, metadata: about.metadata },
    history: openHistory(conversations, { id: eventId, conversationId, messageId }),
    zendesk: { call: openCall(client, signal) },
    async reply(text, { buttons = [] } = {}) {
      const parts = splitText(neutraliseShorthand(text));
      for (const content of fitReply(log, parts, buttons.map(toReplyAction))) await send(content);
    },
    async replyCarousel(items) {
      await send(fitCarousel(log, items.map(neutraliseItem)));
    },
    typing() {
      conversations.startTyping(conversationId).catch((error: unknown) => {
        log.info({ error }, 'The typing indicator could not be shown.');
      });
    },
    async handOff({ reason, to = AGENT_WORKSPACE, metadata: more = {}, firstMessageId }) {
      const first = firstMessageId === undefined ? {} : { first_message_id: firstMessageId };
      const metadata = fitHandOff(log, reason, { ...more, ...first });
      checkOpen();
      await passControl(to, metadata);
      over = 'Nothing can be sent after handOff(): send it before.';
      done.handedOff = true;
    },
    async end() {
      checkOpen();
      await releaseControl(conversations, conversationId, rule);
      over = 'Nothing can be sent after end(): send it before.';
      done.ended = true;
    },
  };
  // Each feature declares its own part of Tools, so the compiler cannot see the whole.
  const tools: Tools = Object.assign({}, ...options.more, own);
  return { tools, done };
}

/** As a hand-off names its target (OpenAPI passControlBody). */
function isCalled(member: Controller, name: string): boolean {
  return [member?.id, member?.name, member?.integrationType].includes(name);
}

function toReplyAction({ text, payload }: ReplyButton): MessageAction {
  return { type: 'reply', text: neutraliseShorthand(text), payload };
}

function neutraliseItem(item: CarouselItem): CarouselItem {
  const { title, description, actions } = item;
  return {
    ...item,
    title: neutraliseShorthand(title),
    ...(description === undefined ? {} : { description: neutraliseShorthand(description) }),
    actions: actions.map((action) => ({ ...action, text: neutraliseShorthand(action.text) })),
  };
}
