import { describe, expect, it } from 'vitest';
import { MAX_TEXT_LENGTH } from '../../../server/runtime/messages/text.ts';
import { splitText } from '../../../server/runtime/messages/text.ts';

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

describe('splitting a text', () => {
  it.each([
    ['', 1],
    ['short', 1],
    ['a'.repeat(MAX_TEXT_LENGTH), 1],
    ['a'.repeat(MAX_TEXT_LENGTH + 1), 2],
    ['a'.repeat(3 * MAX_TEXT_LENGTH), 3],
  ])('makes as few parts as there can be (example %#)', (text, count) => {
    expect(splitText(text)).toHaveLength(count);
  });

  it('cuts at the last line break, or else the last space, that is near the end', () => {
    expect(splitText('one two\nthree four', 14)).toEqual(['one two\nthree ', 'four']);
    expect(splitText('aaaa bbbb\ncc dd', 11)).toEqual(['aaaa bbbb\n', 'cc dd']);
    expect(splitText('aaaa bbbb cc', 10)).toEqual(['aaaa bbbb ', 'cc']);
  });

  it('does not make a tiny part for the sake of a space', () => {
    expect(splitText(`a ${'b'.repeat(20)}`, 10)[0]).toHaveLength(10);
  });

  it.each([
    ['letters', 'x'],
    ['words', 'lorem ipsum '],
    ['lines', 'lorem ipsum\n'],
    ['emoji', '🎉'],
    ['emoji, shifted by one', '🎉a🎉'],
    ['joined emoji', '👩‍👩‍👧‍👦'],
    ['white space', ' \n'],
  ])('of %s joins back to the original, in whole characters of allowed length', (_name, piece) => {
    for (const lead of ['', 'a', 'ab']) {
      const text = lead + piece.repeat(Math.ceil(10_000 / piece.length));
      const parts = splitText(text);
      expect(parts.join('')).toBe(text);
      expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
      expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(0);
      expect(parts.filter((part) => loneSurrogate.test(part))).toEqual([]);
    }
  });

  it('copes with what is broken already', () => {
    const text = '\ud83d'.repeat(MAX_TEXT_LENGTH + 10);
    expect(splitText(text).join('')).toBe(text);
  });
});
