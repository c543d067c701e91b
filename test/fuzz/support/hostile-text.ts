import fc from 'fast-check';
import { z } from 'zod';

/** Half surrogate pairs, which no text of Unicode has: where they begin, and how many there are. */
const [HALVES, HALVES_COUNT] = [0xd800, 0x800];

/**
 * Any character, for `fc.string({ unit })`, as its own unit `binary` is. That one looks up a character in a
 * table of all of them, which takes a second to make and 100 MB to keep.
 */
export const anyCharacter = fc.nat({ max: 0x10ffff - HALVES_COUNT }).map(
  (nth) => String.fromCodePoint(nth < HALVES ? nth : nth + HALVES_COUNT),
  (character) => {
    const point = z.string().parse(character).codePointAt(0) ?? NaN;
    if (String.fromCodePoint(point) !== character) throw new Error('That is more than one.');
    return point < HALVES ? point : point - HALVES_COUNT;
  },
);

/** One character per byte, without the line breaks that would end the line it stands in. */
export function latin1(maxLength: number): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength }).map((bytes) =>
    Buffer.from(bytes)
      .toString('latin1')
      .replaceAll(/[\r\n]/g, ''),
  );
}

/** The words of a list, which may be written over several lines. */
export function wordsOf(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** The lines of a list written over several lines. */
export function linesOf(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim());
}
