import type { Observe } from '../observe.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import type { CarouselItem, MessageAction, MessageContent } from '../zendesk/conversations.ts';
import type { Log } from '../log.ts';
import {
  AGENT_WORKSPACE,
  ControlLostError,
  describeController,
  isInControl,
  type ControlRule,
} from './control.ts';
import { createOutbox, type Delivery } from './create-outbox.ts';
import { fitCarousel, fitHandOff, fitReply } from './limits.ts';
import { neutraliseShorthand } from './neutralise-shorthand.ts';
import { splitText } from './split-text.ts';
import type { ReplyButton, Tools } from './types.ts';

/** An event says who was in control when it happened; after this long that is asked again. */
const CONTROL_TRUSTED_MS = 2_000;

export interface ToolsResult {
  tools: Tools;
  /** What was done, in the order it was done, for the activity list. */
  done: { handedOff: boolean; replies: number };
}

/** Builds what a handler receives for one event. */
export function createTools(options: {
  conversations: ZendeskClient['conversations'];
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
    const { activeSwitchboardIntegration } = await conversations.get(conversationId);
    if (!isInControl(activeSwitchboardIntegration, rule)) {
      throw new ControlLostError(describeController(activeSwitchboardIntegration, rule));
    }
    controlKnownAt = now();
  }

  async function send(content: MessageContent): Promise<void> {
    await beforeActing();
    await sendOnce(content);
    done.replies += 1;
  }

  const own: Omit<Tools, 'connections'> = {
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
    async handOff({ reason, to = AGENT_WORKSPACE, metadata = {} }) {
      const fitting = fitHandOff(log, reason, metadata);
      await beforeActing();
      await conversations.passControl(conversationId, {
        switchboardIntegration: to,
        metadata: fitting,
      });
      done.handedOff = true;
    },
  };
  // Each feature declares its own part of Tools, so the compiler cannot see the whole.
  const all: Tools = Object.assign({}, ...options.more, own);
  return { tools: all, done };
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
