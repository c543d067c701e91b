import { describe, expect, it } from 'vitest';
import { findOwnFrame, spellFrame } from '../../../server/features/shared/own-frame.ts';
import { expectLinear } from '../../support/expect-linear.ts';

function thrown(...lines: string[]): Error {
  return Object.assign(new Error('no'), { stack: ['Error: no', ...lines].join('\n') });
}

const find = (...lines: string[]) => {
  const frame = findOwnFrame(thrown(...lines), '/shop');
  return frame && spellFrame(frame);
};

describe('the place where an error was thrown', () => {
  it.each([
    [
      'in the bot, below what the engine did',
      ['at JSON.parse (<anonymous>)', 'at onMessage (/shop/server/bot/on-message.ts:14:31)'],
      'server/bot/on-message.ts:14:31',
    ],
    [
      'in the bot before one in the app',
      [
        'at check (/shop/server/runtime/tools.ts:3:1)',
        'at onStart (/shop/server/bot/on-start.ts:5:2)',
      ],
      'server/bot/on-start.ts:5:2',
    ],
    [
      'in the app where the bot had no part',
      ['at fetch (node:internal/x:1:1)', 'at async call (/shop/server/zendesk/client.ts:8:9)'],
      'server/zendesk/client.ts:8:9',
    ],
    [
      'of a file that was loaded anew',
      ['at onMessage (file:///shop/server/bot/on-message.ts?namespace=17:2:3)'],
      'server/bot/on-message.ts:2:3',
    ],
    [
      'of what was compiled',
      ['at async file:///shop/dist/server/bot/on-message.js:2:3'],
      'dist/server/bot/on-message.js:2:3',
    ],
  ])('is the one %s', (_what, lines, expected) => {
    expect(find(...lines.map((line) => `    ${line}`))).toBe(expected);
  });

  it.each([
    ['only packages were at work', ['at x (/shop/node_modules/pg/lib/client.js:1:2)']],
    ['it is somewhere else', ['at x (/elsewhere/server/bot/on-message.ts:1:2)']],
    ['nobody knows', []],
    ['a message names a place on another host', ['at x (file://elsewhere/shop/a.ts:1:2)']],
  ])('is unknown where %s', (_what, lines) => {
    expect(find(...lines.map((line) => `    ${line}`))).toBeUndefined();
  });

  it('is found behind a message that is a whole page, without a break', () => {
    const frame = '    at onMessage (/shop/server/bot/on-message.ts:14:31)';
    expectLinear((size) =>
      expect(find('<'.repeat(size), `at ${'('.repeat(size)}`, frame)).toContain('14:31'),
    );
  });

  it('is unknown of what is no error', () => {
    expect(findOwnFrame('at x (/shop/server/bot/a.ts:1:2)', '/shop')).toBeUndefined();
  });
});
