import { z } from 'zod';
import type { MessageEvent } from '../../zendesk/events.ts';
import type {
  AnsweredField,
  Download,
  DownloadOptions,
  IncomingMessage,
  QuotedMessage,
} from './message.ts';
import { readWords } from './words.ts';

type Message = MessageEvent['payload']['message'];

/** What is needed to read a message beside it. */
export interface Reading {
  /** Of its event, in epoch milliseconds. */
  receivedAt: number;
  /** Fetches a file of the account that the event is of. */
  download: (url: string, options?: DownloadOptions) => Promise<Download>;
}

const word = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((text) => text || undefined);
const Option = z.object({ name: word, label: word });
const Field = z.object({
  type: z.string(),
  name: z.string(),
  label: word,
  text: word,
  email: word,
  select: z.array(Option).nullish().catch([]),
  format: word,
});

/** What we read of content (OpenAPI content); one that is otherwise than documented is handed on as it is. */
const Content = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), payload: word, htmlText: word, markdownText: word }),
  z.object({
    type: z.enum(['image', 'file']),
    mediaUrl: z.string(),
    mediaType: word,
    mediaSize: z.number().nullish().catch(undefined),
    altText: word,
  }),
  z.object({
    type: z.literal('location'),
    coordinates: z.object({ lat: z.number(), long: z.number() }),
    location: z.object({ name: word, address: word }).nullish().catch(undefined),
  }),
  z.object({ type: z.literal('formResponse'), fields: z.array(Field) }),
]);

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
  { receivedAt, download }: Reading,
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
  const known = Content.safeParse(content).data;
  switch (known?.type) {
    case 'text': {
      const { payload, htmlText: html, markdownText: markdown } = known;
      if (said.text === '' && payload === undefined) break;
      return { ...said, type: 'text', payload, html, markdown };
    }
    case 'image':
    case 'file': {
      const { type: kind, mediaUrl: url, mediaType, mediaSize, altText } = known;
      return {
        ...said,
        type: 'media',
        kind,
        url,
        mediaType,
        size: mediaSize ?? undefined,
        name: altText !== undefined && FILE_NAME.test(altText) ? altText : nameOf(url),
        altText,
        download: (options) => download(url, options),
      };
    }
    case 'location': {
      const { coordinates, location } = known;
      const { name, address } = location ?? {};
      return { ...said, type: 'location', coordinates, name, address };
    }
    case 'formResponse': {
      const answers = known.fields.map(readField);
      const fields = answers.map(({ field }) => field);
      const values = Object.fromEntries(answers.map(({ field, value }) => [field.name, value]));
      const lines = answers.map(({ field, shown }) => `${field.label}: ${shown}`);
      return { ...said, type: 'form', text: said.text || lines.join('\n'), fields, values };
    }
  }
  return { ...said, type: 'other', kind: content.type, content };
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

/** A field of a form with its answer, and that answer as a value and in words. */
function readField(given: z.infer<typeof Field>) {
  const { type, name, text = '', email = '', format, select } = given;
  const known = { name, label: given.label ?? name };
  switch (type) {
    case 'select': {
      const chosen = (select ?? []).map((option) => {
        const value = option.name ?? option.label ?? '';
        return { name: value, label: option.label ?? value };
      });
      const field: AnsweredField = { ...known, type, value: chosen };
      const list = (of: 'name' | 'label') => chosen.map((option) => option[of]).join(', ');
      return { field, value: list('name'), shown: list('label') };
    }
    case 'email': {
      const field: AnsweredField = { ...known, type, value: email };
      return { field, value: email, shown: email };
    }
    default: {
      const number = format === undefined || text === '' ? NaN : Number(text);
      // A number with more digits than a number can hold stays as it was written.
      const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : !isNaN(number);
      const field: AnsweredField = { ...known, type: 'text', value: isExact ? number : text };
      return { field, value: text, shown: text };
    }
  }
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

/** Zendesk puts the file's name where nobody described it. */
const FILE_NAME = /^[^/\\]+\.\w{1,10}$/;

/** The last part of an address; nothing that would lead anywhere in a file system. */
function nameOf(url: string): string {
  const part = URL.canParse(url) ? (new URL(url).pathname.split('/').at(-1) ?? '') : '';
  try {
    const name = decodeURIComponent(part).split(/[/\\]/).at(-1) ?? '';
    return /^\.*$/.test(name) ? 'file' : name;
  } catch {
    return 'file';
  }
}
