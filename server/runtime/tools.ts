import type { Log } from '../log.ts';
import type { Observe } from '../observe.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import type { CarouselItem, MessageAction, MessageContent } from '../zendesk/conversations.ts';
import { openCustomer, type KnownCustomer } from './customer.ts';
import {
  AGENT_WORKSPACE,
  ControlLostError,
  describeController,
  isInControl,
  type ControlRule,
} from './dispatch.ts';
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
  done: { handedOff: boolean; replies: number };
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
  /** When it was last known who is in control, in epoch milliseconds; 0 when that has to be asked. */
  controlKnownAt: number;
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
  const done = { handedOff: false, replies: 0 };
  let { controlKnownAt } = options;

  async function beforeActing(): Promise<void> {
    signal.throwIfAborted();
    if (done.handedOff) throw new Error('Nothing can be sent after handOff(): send it before.');
    if (now() - controlKnownAt <= CONTROL_TRUSTED_MS) return;
    const { activeSwitchboardIntegration: active } = await conversations.get(conversationId);
    if (!isInControl(active, rule)) throw new ControlLostError(describeController(active, rule));
    controlKnownAt = now();
  }

  async function send(content: MessageContent): Promise<void> {
    await beforeActing();
    await sendOnce(content);
    done.replies += 1;
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
    async handOff({ reason, to: switchboardIntegration = AGENT_WORKSPACE, metadata: more = {} }) {
      const metadata = fitHandOff(log, reason, more);
      await beforeActing();
      await conversations.passControl(conversationId, { switchboardIntegration, metadata });
      done.handedOff = true;
    },
  };
  // Each feature declares its own part of Tools, so the compiler cannot see the whole.
  const tools: Tools = Object.assign({}, ...options.more, own);
  return { tools, done };
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
