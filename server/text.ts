import { z } from 'zod';

/** Made for the first text that is cut: it takes as long as a tenth of a start. */
let graphemes: Intl.Segmenter | undefined;
/** Longer than any character that people write, flags and families included. */
const LONGEST_CHARACTER = 64;

/** The last place at or before `limit` (UTF-16 units) that is not inside of what people see as one character. */
export function findCut(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const start = graphemes.segment(text).containing(limit)?.index ?? limit;
  if (start > limit - LONGEST_CHARACTER && start > 0) return start;
  const before = text.charCodeAt(limit - 1);
  return before >= 0xd800 && before <= 0xdbff ? limit - 1 : limit;
}

/** The text, or as much of its beginning as fits into `limit` UTF-16 units together with an ellipsis. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, findCut(text, limit - 1))}…`;
}

/**
 * Text from outside that is looked up or kept as it is: PostgreSQL refuses U+0000, SQLite's driver ends the
 * text there, and half a surrogate pair is not UTF-8.
 */
export const isColumnText = (text: string): boolean =>
  !text.includes('\u0000') && text.isWellFormed();
export const columnText = z.string().refine(isColumnText);

/** For sentences of our own, which may quote anything. */
export function replaceNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
