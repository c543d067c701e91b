import { describe, expect, it } from 'vitest';
import { htmlToText, markdownToHtml } from '../../../src/zendesk/content/rich-text.ts';
import { expectLinear } from '../../../../test/support/expect-linear.ts';

describe('rich text as plain text', () => {
  it.each([
    [
      '<p>See <a class="x" href="https://a.example">the <b>shop</b></a>.</p>',
      'See the shop (https://a.example).',
    ],
    ['<ul>\n  <li>One</li>\n  <li>Two</li>\n</ul>', '• One\n• Two'],
    ['1 < 2 <b>and</b> 3 > 2', '1 < 2 and 3 > 2'],
  ])('keeps what it says: %s', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it.each(['<a href="', '<a href="" ', '<li', '<', '[', ' ', '\t'])(
    'is read once, however often it begins something and never ends it: %j',
    (beginning) => {
      expectLinear((size) => {
        htmlToText(`x${beginning.repeat(size)}x`);
        markdownToHtml(`x${beginning.repeat(size)}x`);
      });
    },
  );
});
