import type { ZendeskEvent } from '../zendesk/events.ts';
import type { IncomingMessage } from './types.ts';

type MessageEvent = Extract<ZendeskEvent, { type: 'conversation:message' }>;

/** Turns the platform's content, of any type it has or will have, into what handlers see. */
export function readMessage({ payload }: MessageEvent): IncomingMessage {
  const { content } = payload.message;
  if (content.type === 'text' && typeof content.text === 'string') {
    return { type: 'text', text: content.text, payload: content.payload ?? undefined };
  }
  if (typeof content.mediaUrl === 'string') {
    return { type: 'media', kind: content.type, url: content.mediaUrl };
  }
  return { type: 'other', kind: content.type };
}
