import type { Log } from '../log.ts';
import type { Observe } from '../observe.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import type { CarouselItem, MessageAction, MessageContent } from '../zendesk/conversations.ts';
import {
  AGENT_WORKSPACE,
  ControlLostError,
  describeController,
  isInControl,
  type ControlRule,
} from './dispatch.ts';
import { fitCarousel, fitHandOff, fitReply, neutraliseShorthand, splitText } from './text.ts';
import type { CoreTools, ReplyButton, Tools } from './types.ts';

/** An event says who was in control when it happened; after this long that is asked again. */
const CONTROL_TRUSTED_MS = 2_000;

type Conversations = ZendeskClient['conversations'];

/** Metadata key on each of our messages; its value names the event and the reply's number. */
const REPLY_KEY = 'shopkeeperReply';

/**
 * How long before its delivery an event may have been answered: after a restore, the 15 minutes for which
 * Zendesk delivers again, and as much again for clocks that differ.
 */
const LOOK_BACK_MS = 30 * 60_000;

export interface Delivery {
  eventId: string;
  conversationId: string;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Whether some of its replies may have been sent before. */
  possiblyAnswered: boolean;
}

export interface ToolsResult {
  tools: Tools;
  /** What was done, in the order it was done, for the activity list. */
  done: { handedOff: boolean; replies: number };
}

/** Builds what a handler receives for one event. */
export function createTools(options: {
  conversations: Conversations;
  delivery: Delivery;
  rule: ControlRule;
  /** False when something suggests that the event's view of control is old. */
  trustEvent: boolean;
  observe: Pick<Observe, 'step'>;
  /** What features add. */
  more: readonly (Partial<Tools> | undefined)[];
  signal: AbortSignal;
  now: () => number;
  log: Log;
}): ToolsResult {
  const { conversations, delivery, rule, now, log } = options;
  const { conversationId } = delivery;
  const sendOnce = createOutbox(options);
  const done = { handedOff: false, replies: 0 };
  let controlKnownAt = options.trustEvent ? delivery.receivedAt : 0;

  async function beforeActing(): Promise<void> {
    options.signal.throwIfAborted();
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

  const own: CoreTools = {
    log,
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

/**
 * Sends each reply of an event once, whatever happens in between: the replies are numbered, and when some
 * may have been sent before, those that the conversation already holds are skipped.
 */
export function createOutbox(options: {
  conversations: Conversations;
  delivery: Delivery;
  observe: Pick<Observe, 'step'>;
}) {
  const { conversations, delivery, observe } = options;
  let count = 0;
  let alreadySent: Promise<Set<string>> | undefined;

  return async function sendOnce(content: MessageContent): Promise<void> {
    const number = ++count;
    const key = `${delivery.eventId}:${number - 1}`;
    if (delivery.possiblyAnswered) {
      alreadySent ??= findSentReplies(conversations, delivery);
      if ((await alreadySent).has(key)) return observe.step({ key: 'reply-found', number });
    }
    await conversations.postMessage(delivery.conversationId, {
      content,
      metadata: { [REPLY_KEY]: key },
    });
  };
}

async function findSentReplies(
  conversations: Conversations,
  { conversationId, receivedAt }: Delivery,
): Promise<Set<string>> {
  const found = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await conversations.listMessages(conversationId, cursor);
    for (const { metadata } of page.messages) {
      const key = metadata?.[REPLY_KEY];
      if (typeof key === 'string') found.add(key);
    }
    const oldest = Math.min(...page.messages.map(({ received }) => Date.parse(received)));
    const reachedEvent = oldest < receivedAt - LOOK_BACK_MS;
    cursor =
      page.meta?.hasMore && !reachedEvent ? (page.meta.beforeCursor ?? undefined) : undefined;
  } while (cursor !== undefined);
  return found;
}
