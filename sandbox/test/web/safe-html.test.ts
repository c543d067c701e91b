import fc from 'fast-check';
import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { toSafeHtml } from '../../src/web/safe-html.ts';
import { expectLinear } from '../../../test/support/expect-linear.ts';

const link = (href: string, text: string) =>
  `<a href="${href}" target="_blank" rel="noopener noreferrer">${text}</a>`;

describe('rich text of a bot', () => {
  it.each([
    ['<p>Hello <b>you</b> and <i>me</i></p>', '<p>Hello <strong>you</strong> and <em>me</em></p>'],
    ['<h1>Title</h1>', '<p><strong>Title</strong></p>'],
    ['<ul><li>One</li> <li>Two</ul>', '<ul><li>One</li><li>Two</li></ul>'],
    ['a<br/>b<BR>c', 'a<br>b<br>c'],
    [
      '<a href="https://shop.example/?a=1&amp;b=2">Shop</a>',
      link('https://shop.example/?a=1&#38;b=2', 'Shop'),
    ],
    ['<a href=\'https://a.example\' onclick="x()">A</a>', link('https://a.example', 'A')],
    ['see https://a.example.', `see ${link('https://a.example', 'https://a.example')}.`],
    ['&lt;b&gt; &amp; &#8364; &nope;', '&#60;b&#62; &#38; € &#38;nope;'],
    ['1 < 2', '1 &#60; 2'],
  ])('keeps what people write in: %s', (html, shown) => {
    expect(toSafeHtml(html)).toBe(shown);
  });

  it.each([
    ['<script>alert(1)</script>x', 'x'],
    ['<ScRiPt src=//evil.example></sCrIpT >x', 'x'],
    ['<style>p{}</style><template><p>y</p></template>x', 'x'],
    ['<script>never closed', ''],
    ['<img src=x onerror=alert(1)>', ''],
    ['<p onclick="x()" style="color:red" class="own">x</p>', '<p>x</p>'],
    ['<a href="javascript:alert(1)">x</a>', 'x'],
    ['<a href="java&#115;cript:alert(1)">x</a>', 'x'],
    ['<a href="data:text/html,x">x</a>', 'x'],
    ['<iframe src="https://evil.example"></iframe><svg onload=x>x</svg>', 'x'],
    ['<!-- <p>hidden</p> -->x<!-- open', 'x'],
    ['x</p never closed', 'x'],
    ['x<a href="https://a.example>never closed</a>', 'x'],
    ['&lt;script&gt;x&lt;/script&gt;', '&#60;script&#62;x&#60;/script&#62;'],
    ['<constructor>x</constructor>&valueOf;', 'x&#38;valueOf;'],
    ['<form action="/x"><input name="y"><button>x</button></form>', 'x'],
  ])('leaves out what is not on the list: %s', (html, shown) => {
    expect(toSafeHtml(html)).toBe(shown);
  });

  it.each([
    ['<p>open <b>both', '<p>open <strong>both</strong></p>'],
    ['</p></div>x', 'x'],
    ['<b><p>x</b>y</p>', '<strong><p>x</p></strong>y'],
    ['<li>alone', '<ul><li>alone</li></ul>'],
    ['<ol>words<li>x', '<ol><li>words</li><li>x</li></ol>'],
    [
      '<a href="https://a.example">a<a href="https://b.example">b</a></a>c',
      `${link('https://a.example', 'ab')}c`,
    ],
  ])('is closed and nested as it has to be: %s', (html, shown) => {
    expect(toSafeHtml(html)).toBe(shown);
  });

  it.each(['<a', '<a"', `<a'"`, '<a href=x', '<!', '<script', '&', 'https://'])(
    'is read once, however often it begins something and never ends it: %s',
    (beginning) => {
      expectLinear((size) => {
        toSafeHtml(beginning.repeat(size));
        toSafeHtml(`<${beginning.replaceAll(/\W/g, '').repeat(size)}`);
      });
    },
  );

  it('consists of nothing but the elements of the list, whatever it is made of', () => {
    const piece = fc.constantFrom(
      '<p>',
      '</p>',
      '<b',
      '>',
      '<',
      '"',
      "'",
      ' href=',
      'javascript:x',
      '<a',
      '<a href="https://a.example"',
      '<script',
      '</script>',
      '<!--',
      '-->',
      '&lt;',
      '&#60;',
      '<img src=x onerror=y>',
      '<ul>',
      '<li>',
      '</ul>',
      'x',
      '=',
      '/',
    );
    const allowed = /^(?:p|br|strong|em|u|s|code|pre|blockquote|ul|ol|li|a)$/i;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        for (const element of parse(toSafeHtml(pieces.join(''))).querySelectorAll('*')) {
          expect(element.tagName).toMatch(allowed);
          const { href, ...rest } = element.attributes;
          expect(Object.keys(rest)).toEqual(href === undefined ? [] : ['target', 'rel']);
          if (href !== undefined) expect(href).toMatch(/^https?:/);
        }
      }),
    );
  });
});
