import { describe, expect, it } from 'vitest';
import { cutText as cutSandboxText } from '../sandbox/src/web/text.ts';
import { cutText, findCut } from '../server/text.ts';

describe.each([
  ['the app', cutText],
  ['the sandbox', cutSandboxText],
])('a text that %s cuts', (_name, cut) => {
  it('is left alone when it fits', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('', 3)).toBe('');
  });

  it('ends with an ellipsis, which counts', () => {
    expect(cut('abcd', 3)).toBe('ab…');
  });

  it.each([
    ['a surrogate pair', 'ab🎉cd', 4, 'ab…'],
    ['a family', 'a👨‍👩‍👧‍👦b', 6, 'a…'],
    ['a flag', '🇩🇪🇫🇷x', 8, '🇩🇪…'],
    ['a letter with its accent', 'ae\u0301bc', 3, 'a…'],
  ])('never ends inside of %s', (_what, text, limit, wanted) => {
    expect(cut(text, limit)).toBe(wanted);
  });

  it('stays within its limit although somebody piles up accents without end', () => {
    const text = `a${'\u0301'.repeat(5_000)}`;
    expect(cut(text, 1_000)).toHaveLength(1_000);
    expect(cut('🎉'.repeat(600), 1_000).isWellFormed()).toBe(true);
  });
});

it('a cut may be anywhere between characters', () => {
  expect([0, 1, 2, 3, 4].map((limit) => findCut('a🎉b', limit))).toEqual([0, 1, 1, 3, 4]);
});
