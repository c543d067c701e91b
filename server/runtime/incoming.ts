import type { MessageEvent } from '../zendesk/events.ts';
import type { IncomingMessage } from './types.ts';

/** Turns the platform's content, of any type it has or will have, into what handlers see. */
export function readMessage({ payload }: MessageEvent): IncomingMessage {
  const { type, text, payload: button, mediaUrl } = payload.message.content;
  if (type === 'text' && typeof text === 'string')
    return { type: 'text', text, payload: typeof button === 'string' ? button : undefined };
  if (typeof mediaUrl === 'string') return { type: 'media', kind: type, url: mediaUrl };
  return { type: 'other', kind: type };
}
