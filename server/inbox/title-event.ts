import { z } from 'zod';
import type { StoredEvent } from '../store/schema.ts';

const MAX_QUOTE_LENGTH = 60;

const Quotable = z.object({
  payload: z.object({
    message: z
      .object({ content: z.object({ type: z.string(), text: z.string().nullish() }) })
      .optional(),
    postback: z.object({ payload: z.string() }).optional(),
  }),
});

/** What an event was, in the customer's words where it has some. */
export function titleEvent({ type, payload }: StoredEvent): string {
  const parsed = Quotable.safeParse(JSON.parse(payload ?? 'null')).data?.payload;
  switch (type) {
    case 'conversation:message': {
      const content = parsed?.message?.content;
      const kind = content?.type ?? 'unreadable';
      return content?.text ? quote(content.text) : `A message of type ${kind}`;
    }
    case 'conversation:postback':
      return `The button ${quote(parsed?.postback?.payload ?? '?')}`;
    case 'conversation:create':
      return 'A conversation was opened';
    case 'switchboard:passControl':
      return 'Control was passed on';
    case 'switchboard:passControl:failure':
      return 'A hand-off failed';
    case 'switchboard:releaseControl':
      return 'Control was released';
    default:
      return type;
  }
}

function quote(text: string): string {
  const short = text.length > MAX_QUOTE_LENGTH ? `${text.slice(0, MAX_QUOTE_LENGTH)}…` : text;
  return `“${short}”`;
}
