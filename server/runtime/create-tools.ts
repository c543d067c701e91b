import { cutText } from '../cut-text.ts';
import type { Tracer } from '../explain/create-tracer.ts';
import type { ZendeskAccount } from '../zendesk/account.ts';
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
import { neutraliseShorthand } from './neutralise-shorthand.ts';
import { splitText } from './split-text.ts';
import type { Connections, ReplyButton, Tools } from './types.ts';

/** An event says who was in control when it happened; after this long that is asked again. */
const CONTROL_TRUSTED_MS = 2_000;
const MAX_REASON_LENGTH = 1_000;
/** Of a card's title and description (OpenAPI item), and of a button. */
const MAX_LABEL_LENGTH = 128;
/** Cards of a carousel, and buttons of a card (OpenAPI carouselMessage, item). */
const MAX_CARDS = 10;
const MAX_CARD_BUTTONS = 3;

export interface ToolsResult {
  tools: Tools;
  /** What was done, in the order it was done, for the activity list. */
  done: { handedOff: boolean; replies: number };
}

/** Builds what a handler receives for one event. */
export function createTools(options: {
  conversations: ZendeskAccount['conversations'];
  delivery: Delivery;
  rule: ControlRule;
  /** False when something suggests that the event's view of control is old. */
  trustEvent: boolean;
  tracer: Tracer;
  connections: Connections;
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

  /** One character or one card too many would lose the whole answer, so it is cut and its author told. */
  function fit(text: string, field: string): string {
    if (text.length > MAX_LABEL_LENGTH)
      log.warn(
        { field, length: text.length },
        `The text of a ${field} was cut to ${MAX_LABEL_LENGTH} characters.`,
      );
    return cutText(text, MAX_LABEL_LENGTH);
  }

  function fitList<Item>(items: Item[], max: number, field: string): Item[] {
    if (items.length > max)
      log.warn({ field, length: items.length }, `Only the first ${max} ${field} were sent.`);
    return items.slice(0, max);
  }

  function fitAction<Action extends MessageAction>(action: Action): Action {
    return { ...action, text: fit(neutraliseShorthand(action.text), 'button') };
  }

  function fitItem({ title, description, actions, ...item }: CarouselItem): CarouselItem {
    return {
      ...item,
      title: fit(neutraliseShorthand(title), 'title'),
      ...(description === undefined
        ? {}
        : { description: fit(neutraliseShorthand(description), 'description') }),
      actions: fitList(actions, MAX_CARD_BUTTONS, 'buttons of a card').map(fitAction),
    };
  }

  const tools: Tools = {
    log,
    connections: options.connections,
    async reply(text, { buttons = [] } = {}) {
      const parts = splitText(neutraliseShorthand(text));
      const last = parts.length - 1;
      for (const [index, part] of parts.entries()) {
        const actions = index === last ? buttons.map(toReplyAction).map(fitAction) : [];
        await send({ type: 'text', text: part, ...(actions.length > 0 ? { actions } : {}) });
      }
    },
    async replyCarousel(items) {
      const cards = fitList(items, MAX_CARDS, 'cards of a carousel').map(fitItem);
      await send({ type: 'carousel', items: cards });
    },
    typing() {
      conversations.startTyping(conversationId).catch((error: unknown) => {
        log.info({ error }, 'The typing indicator could not be shown.');
      });
    },
    async handOff({ reason, to = AGENT_WORKSPACE, metadata = {} }) {
      await beforeActing();
      await conversations.passControl(conversationId, {
        switchboardIntegration: to,
        metadata: { reason: cutText(reason, MAX_REASON_LENGTH), ...metadata },
      });
      done.handedOff = true;
    },
  };
  return { tools, done };
}

function toReplyAction({ text, payload }: ReplyButton): MessageAction {
  return { type: 'reply', text, payload };
}
