import type { Log } from '../log.ts';
import type { Observe } from '../observe.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import { openCustomer, type KnownCustomer } from './customer.ts';
import {
  AGENT_WORKSPACE,
  ControlLostError,
  describeController,
  isInControl,
  type ControlRule,
} from './dispatch.ts';
import { fitContent } from './content.ts';
import { openHistory } from './history.ts';
import { checkFilled, fitHandOff } from './limits.ts';
import { createOutbox, type Delivery } from './outbox.ts';
import { neutraliseShorthand, splitText } from './text.ts';
import type { CoreTools, Tools } from './types.ts';
import { openUpload, type OutgoingContent } from './upload.ts';
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

  async function sendFitting(content: OutgoingContent): Promise<void> {
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
      checkFilled('The text of reply()', text, 'Give it at least a word.');
      const parts = splitText(neutraliseShorthand(text));
      const actions = buttons.map((button) => ({ type: 'reply' as const, ...button }));
      const contents = parts.map((part, index) => {
        const isLast = index === parts.length - 1 && actions.length > 0;
        const content = { type: 'text' as const, text: part, ...(isLast ? { actions } : {}) };
        return fitContent(log, content, { tool: 'reply()', actions: 'buttons' });
      });
      for (const content of contents) await sendFitting(content);
    },
    async send(content) {
      await sendFitting(fitContent(log, content));
    },
    upload: (source, file) =>
      openUpload(source, file, (given) => client.attachments.upload(conversationId, given)),
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
