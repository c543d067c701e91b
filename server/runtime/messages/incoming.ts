import type { MessageEvent } from '../../zendesk/events.ts';
import type { IncomingMessage } from '../types.ts';

type Message = MessageEvent['payload']['message'];

/** What is needed to read a message beside it. */
export interface Reading {
  /** Of its event, in epoch milliseconds. */
  receivedAt: number;
  /** What each of the features reads of it, if anything: its kind, and what else they know of messages. */
  readMore: (message: Message) => readonly (Partial<IncomingMessage> | undefined)[];
}

/** Turns the platform's content, of any type it has or will have, into what handlers see. */
export function readMessage(
  { payload: { message } }: MessageEvent,
  { receivedAt, readMore }: Reading,
): IncomingMessage {
  const { id, content, received, metadata } = message;
  const said = {
    id,
    receivedAt: new Date(Date.parse(received ?? '') || receivedAt),
    text: readText(content['text']) ?? '',
    metadata: metadata ?? {},
  };
  const more: Partial<IncomingMessage> = Object.assign({}, ...readMore(message));
  const kind = more.type === undefined ? readKind(content) : {};
  // Each feature declares its own part of a message, so the compiler cannot see the whole.
  const parts: object[] = [said, kind, more];
  return Object.assign({}, ...parts);
}

/** A text (OpenAPI textMessage) that is as documented, or anything else. */
function readKind(content: Message['content']) {
  const payload = readText(content['payload']);
  const isText = content.type === 'text' && (payload ?? readText(content['text'])) !== undefined;
  return isText ? { type: 'text', payload } : { type: 'other', kind: content.type, content };
}

/** Undefined where there is none, or something else than a text. */
function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
