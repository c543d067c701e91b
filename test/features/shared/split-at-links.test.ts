import { describe, expect, it } from 'vitest';
import { splitAtLinks as splitInSandbox } from '../../../sandbox/src/web/text.ts';
import { splitAtLinks as splitInApp } from '../../../server/features/shared/split-at-links.ts';
import { expectLinear } from '../../support/expect-linear.ts';

describe.each([
  ['app', splitInApp],
  ['sandbox', splitInSandbox],
])('in a text that the %s shows', (_site, splitAtLinks) => {
  const linksIn = (text: string) => splitAtLinks(text).flatMap(({ href }) => href ?? []);

  it.each([
    ['See https://shop.example/a?b=c#d.', 'https://shop.example/a?b=c#d'],
    ['(https://shop.example)', 'https://shop.example'],
    ['https://en.example/wiki/Tea_(drink), or so', 'https://en.example/wiki/Tea_(drink)'],
    ['“https://shop.example/”', 'https://shop.example/'],
    ['HTTP://Shop.example/!?', 'HTTP://Shop.example/'],
    ['כאן: https://shop.example/שלום ותודה', 'https://shop.example/שלום'],
    ['{"url":"https://shop.example/x\\n"}', 'https://shop.example/x'],
    ['http://localhost:3100/zoom/j/1?pwd=a', 'http://localhost:3100/zoom/j/1?pwd=a'],
  ])('%j has the link %s', (text, href) => {
    expect(linksIn(text)).toEqual([href]);
    expect(
      splitAtLinks(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<b>',
    'file:///etc/passwd',
    'ftp://shop.example',
    'xhttps://shop.example',
    'https://',
    'https://[',
    'shop.example',
    '',
  ])('%j has none', (text) => {
    expect(linksIn(text)).toEqual([]);
  });

  it('several links stand where they stood', () => {
    expect(splitAtLinks('a http://b.example c https://d.example')).toEqual([
      { text: 'a ' },
      { text: 'http://b.example', href: 'http://b.example' },
      { text: ' c ' },
      { text: 'https://d.example', href: 'https://d.example' },
    ]);
  });

  it('a link ends where the direction of the text would be turned round', () => {
    expect(linksIn('https://shop.example/\u202egpj.exe')).toEqual(['https://shop.example/']);
  });

  it.each([
    ['brackets', '(.)', ''],
    ['dots', '..........', 'x'],
    ['links', 'https://', ''],
  ])('a long text of %s is read once', (_what, piece, end) => {
    expectLinear((size) => splitAtLinks(`https://a.example/${piece.repeat(size)}${end}`));
  });
});
