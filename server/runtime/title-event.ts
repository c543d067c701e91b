import { z } from 'zod';
import { readWords } from './messages/words.ts';
import { cutText } from '../text.ts';
import type { StoredEvent } from '../store/schema.ts';

const MAX_QUOTE_LENGTH = 60;

const Quotable = z.object({
  payload: z.object({
    message: z.object({ content: z.looseObject({ type: z.string() }) }).optional(),
    postback: z.object({ payload: z.string() }).optional(),
  }),
});

/** What an event was, in the customer's words where it has some and they are kept. */
export function titleEvent({ type, payload }: Pick<StoredEvent, 'type' | 'payload'>): string {
  const isKept = payload !== null;
  const parsed = Quotable.safeParse(JSON.parse(payload ?? 'null')).data?.payload;
  switch (type) {
    case 'conversation:message': {
      if (!isKept) return 'A message';
      const content = parsed?.message?.content;
      const kind = content?.type ?? 'unreadable';
      const words = readWords(content);
      return words ? quote(words) : `A message of type ${kind}`;
    }
    case 'conversation:postback':
      if (!isKept) return 'A button';
      return `The button ${quote(parsed?.postback?.payload ?? '?')}`;
    case 'conversation:create':
      return 'A conversation was opened';
    case 'switchboard:passControl':
      return 'Control was passed on';
    case 'switchboard:passControl:failure':
      return 'A hand-off failed';
    case 'switchboard:releaseControl':
      return 'Control was released';
    case 'conversation:message:delivery:failure':
      return 'A message was not delivered';
    case 'switchboard:offerControl':
      return 'Control was offered';
    case 'conversation:remove':
      return 'A conversation was deleted';
    case 'user:merge':
      return 'Two customers were merged';
    case 'user:remove':
      return 'A customer was deleted';
    case 'shopkeeper:wake':
      return 'The bot spoke by itself';
    default:
      return type;
  }
}

function quote(text: string): string {
  return `“${cutText(text, MAX_QUOTE_LENGTH + 1)}”`;
}
