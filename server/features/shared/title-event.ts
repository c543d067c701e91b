import { z } from 'zod';
import { readWords } from './words.ts';
import { cutText } from '../../text.ts';
import type { StoredEvent } from '../../store/schema.ts';

const MAX_QUOTE_LENGTH = 60;

/** Those without words. */
const TITLES = new Map([
  ['conversation:create', 'A conversation was opened'],
  ['switchboard:passControl', 'Control was passed on'],
  ['switchboard:passControl:failure', 'A hand-off failed'],
  ['switchboard:releaseControl', 'Control was released'],
]);

const Quotable = z.object({
  payload: z.object({
    message: z.object({ content: z.looseObject({ type: z.string() }) }).optional(),
    postback: z.object({ payload: z.string() }).optional(),
  }),
});

/**
 * What an event was, in the customer's words where it has some and they are kept; `others` has titles of more
 * types, and may be Core's `eventTypes`.
 */
export function titleEvent(
  { type, payload }: Pick<StoredEvent, 'type' | 'payload'>,
  others: Readonly<Record<string, { title: string }>> = {},
): string {
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
    default:
      return TITLES.get(type) ?? (Object.hasOwn(others, type) ? others[type]?.title : type) ?? type;
  }
}

function quote(text: string): string {
  return `“${cutText(text, MAX_QUOTE_LENGTH + 1)}”`;
}
