import { findCut } from '../../text.ts';

/** Characters of a message (OpenAPI textMessage); longer texts go out in several. */
export const MAX_TEXT_LENGTH = 4096;

/** Cuts a text into parts of at most `limit` UTF-16 units: at a line break or space if near, never in a character. */
export function splitText(text: string, limit: number = MAX_TEXT_LENGTH): string[] {
  if (text.length <= limit) return [text];
  const cut = findPlaceToCut(text, limit);
  return [text.slice(0, cut), ...splitText(text.slice(cut), limit)];
}

function findPlaceToCut(text: string, limit: number): number {
  const nearEnough = Math.floor(limit * 0.8);
  for (const separator of ['\n', ' ']) {
    const at = text.lastIndexOf(separator, limit - 1);
    if (at >= nearEnough) return at + 1;
  }
  return findCut(text, limit);
}

const ZERO_WIDTH_SPACE = '\u200b';

/**
 * The platform executes `%((…))%`, `&((…))&` and `%[…]%` inside business messages: a customer who gets
 * quoted could pass control with it. A zero-width space keeps the text readable and the command dead.
 */
export function neutraliseShorthand(text: string): string {
  return text.replace(/([%&])(?=\(\()|%(?=\[)/g, `$&${ZERO_WIDTH_SPACE}`);
}
