import type { Metadata, Tools } from '../../runtime/types.ts';
import type { Attempt } from '../attempt.ts';
import type { Feature } from '../feature.ts';
import { recallFiles, uploadFiles } from './addresses.ts';
import { checkMetadata } from './checks.ts';
import type * as zendesk from './content.ts';
import { fitContent } from './fit-content.ts';
import { readMessage } from './read-message.ts';

declare module '../../runtime/types.ts' {
  /** What a bot sends: files by their address, or to be uploaded when the message is sent. */
  export type OutgoingContent = zendesk.MessageContent<string | Upload>;
  /** A card of a carousel, a row of a list. */
  export type OutgoingItem = zendesk.Item<string | Upload>;
  export type CardAction = zendesk.CardAction;
  export type FormField = zendesk.FormField;
  export type MessageAction = zendesk.MessageAction;

  interface Tools {
    /**
     * Sends a message of any kind that Zendesk takes: see features/messages/content.ts, and docs/messages.md.
     * `metadata` comes back with what quotes it, the answers to a form for one. A text that is too long is cut;
     * for anything else that Zendesk would not take a RangeError says what to do.
     */
    send: (
      content: OutgoingContent,
      options?: { metadata?: Metadata | undefined },
    ) => Promise<void>;
  }
}

/** Room in a message's metadata, as JSON, for what the outbox puts there: the id of an event is in it. */
const REPLY_KEY_BYTES = 512;

/** Every kind of message beside words and their buttons, from customers and to them. */
export const messages: Feature = {
  name: 'messages',
  open: () => ({ readMessage, tools: (attempt) => ({ send: openSend(attempt) }) }),
};

function openSend({ send, log }: Pick<Attempt, 'send' | 'log'>): Tools['send'] {
  return async (content, { metadata } = {}) => {
    checkMetadata('metadata', metadata, REPLY_KEY_BYTES);
    const fitting = fitContent(log, content);
    await send({
      content: () => uploadFiles(fitting),
      ...(metadata && { metadata }),
      // "`schema` must be set to `whatsapp`" (templateMessage).
      ...(fitting.type === 'template' && { schema: 'whatsapp' }),
      onFound: (sent) => recallFiles(fitting, sent),
    });
  };
}
