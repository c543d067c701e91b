import { z } from 'zod';
import type { StoredMessage } from '../../zendesk/conversations.ts';
import type { MessageEvent } from '../../zendesk/events.ts';

/** Undefined where there is none, or something else than a text. */
export const word = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((text) => text || undefined);
const Words = z.looseObject({
  text: word,
  htmlText: word,
  markdownText: word,
  textFallback: word,
  location: z.looseObject({ name: word, address: word }).optional().catch(undefined),
});

/** What can be read of a content of any type; empty where it has no words. */
export function readWords(content: unknown): string {
  const { text, htmlText, markdownText, textFallback, location } =
    Words.safeParse(content).data ?? {};
  const place = [location?.name, location?.address].filter(Boolean).join(', ');
  const ways = [text, htmlText && readHtml(htmlText), markdownText, textFallback];
  return (place || ways.find(Boolean)) ?? '';
}

/** The same; of a picture or a file without words its description, and else the kind: `[image]`. */
export function describeContent(content: StoredMessage['content']): string {
  return readWords(content) || content.altText || `[${content.type}]`;
}

/** More is more than any message has (htmlText, 4 096). */
const MAX_HTML = 20_000;
const BREAK = /<(?:br|\/(?:p|div|li|h[1-6]|tr|blockquote|pre))\b[^<>]*>/gi;
const TAG = /<\/?[a-z!][^<>]*>/gi;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The words of a marked-up text, a line for each of its paragraphs. */
export function readHtml(html: string): string {
  return html
    .slice(0, MAX_HTML)
    .replace(/\s+/g, ' ')
    .replace(BREAK, '\n')
    .replace(TAG, '')
    .replace(ENTITY, (_, decimal?: string, hex?: string, name?: string) =>
      name === undefined
        ? spellPoint(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal))
        : (NAMED[name.toLowerCase()] ?? ''),
    )
    .replace(/ *\n */g, '\n')
    .trim();
}

function spellPoint(point: number): string {
  const isCharacter = point > 0 && point <= 0x10_ff_ff && !(point >= 0xd8_00 && point <= 0xdf_ff);
  return isCharacter ? String.fromCodePoint(point) : '\ufffd';
}

/**
 * Whether the page sent a message for the customer and does not show it. The platform has no sign of its own:
 * these are those of its guides ("Behavioral customization APIs"; beforeDisplay of Web Messenger), and a
 * message of nothing but metadata.
 */
export function isHidden({
  content,
  metadata,
}: Pick<MessageEvent['payload']['message'], 'content' | 'metadata'>): boolean {
  const marks = [metadata?.['internal_only'], metadata?.['isHidden']];
  if (marks.some((mark) => mark === true || mark === 'true')) return true;
  const hasMetadata = Object.keys(metadata ?? {}).length > 0;
  return content.type === 'text' && hasMetadata && !content['payload'] && readWords(content) === '';
}
