import { z } from 'zod';
import type { IncomingMessage, QuotedMessage } from '../../runtime/types.ts';
import type { MessageEvent } from '../../zendesk/events.ts';
import { readWords, word } from '../shared/words.ts';
import { readContent } from './read-content.ts';

declare module '../../runtime/types.ts' {
  interface Received {
    /** What it is an answer to: a form, or what the customer quoted (WhatsApp). */
    quoted: QuotedMessage | undefined;
  }

  interface TextMessage {
    /** The same words with mark-up, where there is one. Not safe to be shown as it is. */
    html: string | undefined;
    markdown: string | undefined;
  }

  export interface QuotedMessage {
    /** Absent when Zendesk does not know the message. */
    id: string | undefined;
    /** The channel's own id of it. */
    externalId: string | undefined;
    by: 'customer' | 'business' | undefined;
    text: string;
    metadata: Readonly<Record<string, unknown>>;
  }
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
      content: z.unknown().optional(),
    })
    .optional()
    .catch(undefined),
});

/** All that can be said of a message: its words, however they came, what is marked up in them, what it quotes. */
export function readMessage({
  content,
  quotedMessage,
}: MessageEvent['payload']['message']): Partial<IncomingMessage> {
  const said = {
    text: readWords(content),
    quoted: quotedMessage ? readQuoted(quotedMessage) : undefined,
  };
  const words = Text.safeParse(content).data;
  if (words === undefined) return { ...said, ...readContent(content) };
  const { type, payload, htmlText: html, markdownText: markdown } = words;
  if (said.text === '' && payload === undefined) return said;
  return { ...said, type, payload, html, markdown };
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
