import { isWebAddress } from '../state/values.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Longer than any character that people write, flags and families included. */
const LONGEST_CHARACTER = 64;

/** The last place at or before `limit` (UTF-16 units) that is not inside of what people see as one character. */
export function findCut(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  const start = graphemes.segment(text).containing(limit)?.index ?? limit;
  if (start > limit - LONGEST_CHARACTER && start > 0) return start;
  const before = text.charCodeAt(limit - 1);
  return before >= 0xd800 && before <= 0xdbff ? limit - 1 : limit;
}

/** The text, or as much of its beginning as fits into `limit` UTF-16 units together with an ellipsis. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, findCut(text, limit - 1))}…`;
}

/** What stands for somebody who has no picture: the first of what people see as characters. */
export function initialOf(name: string): string {
  return graphemes.segment(name).containing(0)?.segment ?? '';
}

/** A piece of a text; with `href`, it is a link. */
interface Part {
  text: string;
  href?: string;
}

/** Neither what ends an address in prose or JSON, nor what would show another one than is opened. */
const ADDRESS =
  /(?<!\w)https?:\/\/[^\s<>"`\\“”„«»\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const PUNCTUATION = ".,;:!?…'’*_~)]}";

/** Returns the text in pieces, those that are http(s) addresses as links. */
export function splitAtLinks(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimEnd(found);
    if (!isWebAddress(address)) continue;
    parts.push({ text: text.slice(end, index) }, { text: address, href: address });
    end = index + address.length;
  }
  return [...parts, { text: text.slice(end) }].filter((part) => part.text !== '');
}

/** What follows an address in a sentence is not part of it, unless it closes a bracket inside. */
function trimEnd(address: string): string {
  let end = address.length;
  while (PUNCTUATION.includes(address.charAt(end - 1))) end -= 1;
  const trimmed = address.slice(0, end);
  const isOpen = trimmed.split('(').length > trimmed.split(')').length;
  return isOpen && address.startsWith(`${trimmed})`) ? `${trimmed})` : trimmed;
}
