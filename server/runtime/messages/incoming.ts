import { z } from 'zod';
import type { MessageEvent } from '../../zendesk/events.ts';
import type { IncomingContent, IncomingMessage, QuotedMessage } from '../types.ts';
import { readWords, word } from './words.ts';

type Message = MessageEvent['payload']['message'];

/** What is needed to read a message beside it. */
export interface Reading {
  /** Of its event, in epoch milliseconds. */
  receivedAt: number;
  /** What a feature reads of content that is neither words nor a button. */
  readContent: (content: Message['content']) => IncomingContent | undefined;
}

/** OpenAPI textMessage. */
const Text = z.object({
  type: z.literal('text'),
  payload: word,
  htmlText: word,
  markdownText: word,
});

const Quoted = z.looseObject({
  externalMessageId: word,
  message: z
    .looseObject({
      id: word,
      author: z
        .looseObject({ type: z.enum(['user', 'business']) })
        .nullish()
        .catch(undefined),
      metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
      content: z.unknown(),
    })
    .optional()
    .catch(undefined),
});

/** Turns the platform's content, of any type it has or will have, into what handlers see. */
export function readMessage(
  { payload: { message } }: MessageEvent,
  { receivedAt, readContent }: Reading,
): IncomingMessage {
  const { id, content, received, metadata, quotedMessage } = message;
  const said = {
    id,
    receivedAt: new Date(Date.parse(received ?? '') || receivedAt),
    text: readWords(content),
    metadata: metadata ?? {},
    isHidden: isHidden(message),
    quoted: quotedMessage ? readQuoted(quotedMessage) : undefined,
  };
  const words = Text.safeParse(content).data;
  if (words !== undefined && (said.text !== '' || words.payload !== undefined)) {
    const { type, payload, htmlText: html, markdownText: markdown } = words;
    return { ...said, type, payload, html, markdown };
  }
  const read = readContent(content) ?? { type: 'other', kind: content.type, content };
  return { ...said, ...read };
}

/**
 * Whether the page sent it for the customer and does not show it. The platform has no sign of its own: these
 * are those of its guides ("Behavioral customization APIs"; beforeDisplay of Web Messenger), and a message of
 * nothing but metadata.
 */
export function isHidden({ content, metadata }: Pick<Message, 'content' | 'metadata'>): boolean {
  const marks = [metadata?.['internal_only'], metadata?.['isHidden']];
  if (marks.some((mark) => mark === true || mark === 'true')) return true;
  const hasMetadata = Object.keys(metadata ?? {}).length > 0;
  return content.type === 'text' && hasMetadata && !content['payload'] && readWords(content) === '';
}

function readQuoted(given: unknown): QuotedMessage | undefined {
  const { externalMessageId, message } = Quoted.safeParse(given).data ?? {};
  if (message === undefined && externalMessageId === undefined) return undefined;
  const by = { user: 'customer', business: 'business' } as const;
  return {
    id: message?.id,
    externalId: externalMessageId,
    by: message?.author ? by[message.author.type] : undefined,
    text: readWords(message?.content),
    metadata: message?.metadata ?? {},
  };
}
