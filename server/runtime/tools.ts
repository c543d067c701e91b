import type { Log } from '../log.ts';
import type { Observe } from '../observe.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import type { Metadata } from '../zendesk/conversations.ts';
import {
  AGENT_WORKSPACE,
  ControlLostError,
  isInControl,
  releaseControl,
  type Controller,
  type ControlRule,
} from './control.ts';
import { fitHandOff, fitReply } from './messages/outgoing.ts';
import { createOutbox, type Delivery, type OutgoingMessage } from './outbox.ts';
import type { CoreTools, KnownCustomer, Tools } from './types.ts';

/** An event says who was in control when it happened; after this long that is asked again. */
const CONTROL_TRUSTED_MS = 2_000;

export interface ToolsResult {
  tools: Tools;
  /** What was done so far, for the activity list. */
  done: { handedOff: boolean; ended: boolean; replies: number };
  /** Waits for what a handler said, and says next, without being waited for. @throws what that failed with. */
  finish: () => Promise<void>;
}

/** Builds what a handler receives for one event. */
export async function createTools(options: {
  client: ZendeskClient;
  delivery: Delivery;
  event: CoreTools['event'];
  conversation: CoreTools['conversation'];
  customer: KnownCustomer;
  rule: ControlRule;
  /** When it was last known who is in control, in epoch milliseconds; 0 when that has to be asked. */
  controlKnownAt: number;
  /** Why nothing can be sent, from the start. */
  over?: string | undefined;
  observe: Pick<Observe, 'step'>;
  /** What features have besides, or more of; they may `send` messages of their own. */
  openMore: (
    send: (message: OutgoingMessage) => Promise<void>,
  ) => Promise<readonly (Partial<Tools> | undefined)[]>;
  now: () => number;
  log: Log;
}): Promise<ToolsResult> {
  const { client, delivery, event, conversation, customer, rule, now, log } = options;
  const { conversations } = client;
  const { conversationId } = delivery;
  const sendOnce = createOutbox({ ...options, conversations });
  const done = { handedOff: false, ended: false, replies: 0 };
  const underWay = new Set<Promise<void>>();
  let { controlKnownAt, over } = options;

  function checkOpen(): void {
    event.signal.throwIfAborted();
    // Judged as the mistake in the code that it is (inbox/retry.ts): eight attempts would hand over eight times.
    if (over !== undefined) throw new TypeError(over);
  }

  /** Waited for before the event is settled, also where a handler lacks the `await`. */
  function keep<Given extends unknown[]>(work: (...given: Given) => Promise<void>) {
    return (...given: Given): Promise<void> => {
      const result = work(...given);
      underWay.add(result);
      // A promise of the handler's own: whether it looks at what that fails with is still noticed.
      return result.finally(() => underWay.delete(result));
    };
  }

  async function checkControl(): Promise<void> {
    event.signal.throwIfAborted();
    if (now() - controlKnownAt <= CONTROL_TRUSTED_MS) return;
    const { activeSwitchboardIntegration: active } = await conversations.get(conversationId);
    if (!isInControl(active, rule)) throw new ControlLostError(active, rule);
    controlKnownAt = now();
  }

  async function send(message: OutgoingMessage): Promise<void> {
    checkOpen();
    await sendOnce(message, checkControl);
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

  const own: CoreTools = {
    log,
    event,
    customer,
    conversation,
    reply: keep(async (text, { buttons = [] } = {}) => {
      for (const content of fitReply(log, text, buttons)) await send({ content });
    }),
    typing() {
      conversations.startTyping(conversationId).catch((error: unknown) => {
        log.info({ error }, 'The typing indicator could not be shown.');
      });
    },
    handOff: keep(async ({ reason, to = AGENT_WORKSPACE, metadata: more = {}, firstMessageId }) => {
      const first = firstMessageId === undefined ? {} : { first_message_id: firstMessageId };
      const metadata = fitHandOff(log, reason, { ...more, ...first });
      checkOpen();
      await passControl(to, metadata);
      over = 'Nothing can be sent after handOff(): send it before.';
      done.handedOff = true;
    }),
    end: keep(async () => {
      checkOpen();
      await releaseControl(conversations, conversationId, rule);
      over = 'Nothing can be sent after end(): send it before.';
      done.ended = true;
    }),
  };
  // Each feature declares its own part of Tools, so the compiler cannot see the whole.
  const tools: Tools = Object.assign({}, own, ...(await options.openMore(keep(send))));
  return { tools, done, finish };

  async function finish(): Promise<void> {
    while (underWay.size > 0) {
      await Promise.all(underWay);
      // What waits for these goes on in this turn of the event loop.
      await new Promise(setImmediate);
    }
  }
}

/** As a hand-off names its target (OpenAPI passControlBody). */
function isCalled(member: Controller, name: string): boolean {
  return [member?.id, member?.name, member?.integrationType].includes(name);
}
