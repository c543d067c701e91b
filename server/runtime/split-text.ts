import { findCut } from '../text.ts';
import { MAX_TEXT_LENGTH } from './limits.ts';

/**
 * Cuts a text into parts of at most `limit` UTF-16 units: at a line break or space where one is near,
 * never inside a character.
 */
export function splitText(text: string, limit: number = MAX_TEXT_LENGTH): string[] {
  if (text.length <= limit) return [text];
  const cut = findPlace(text, limit);
  return [text.slice(0, cut), ...splitText(text.slice(cut), limit)];
}

function findPlace(text: string, limit: number): number {
  const nearEnough = Math.floor(limit * 0.8);
  for (const separator of ['\n', ' ']) {
    const at = text.lastIndexOf(separator, limit - 1);
    if (at >= nearEnough) return at + 1;
  }
  return findCut(text, limit);
}
