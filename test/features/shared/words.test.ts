import { describe, expect, it } from 'vitest';
import { readHtml, readWords } from '../../../server/features/shared/words.ts';

describe('the words of a marked-up text', () => {
  it.each([
    ['<h1>Hello!</h1>', 'Hello!'],
    ['Hello <b>you</b>,<br/>there', 'Hello you,\nthere'],
    ['<p>One</p>\n<p>Two</p>', 'One\nTwo'],
    ['<ul><li>One</li><li>Two</li></ul>', 'One\nTwo'],
    ['<a href="https://shop.example/?a=1&amp;b=2">Tom &amp; Co</a>', 'Tom & Co'],
    ['5 &lt; 6 &#38; 7 &#x3E; 6 &nbsp;&quot;ok&apos;', '5 < 6 & 7 > 6  "ok\''],
    ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['&#0; &#xd800; &#9999999; &unknown;', '\ufffd \ufffd \ufffd &unknown;'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['<b', '<b'],
    ['', ''],
  ])('of %j are %j', (html, words) => expect(readHtml(html)).toBe(words));

  it('are found in time, however it is written', () => {
    for (const piece of ['<', '<a ', '<br', '&#', ' \n', '</p'])
      expect(readHtml(piece.repeat(300_000)).length).toBeLessThanOrEqual(20_000);
  });
});

describe('what can be read of a content', () => {
  it.each<[object, string]>([
    [{ type: 'text', text: 'a', htmlText: '<b>b</b>' }, 'a'],
    [{ type: 'text', text: '', htmlText: '<b>b</b>' }, 'b'],
    [{ type: 'image', text: 'caption', altText: 'a.png' }, 'caption'],
    [{ type: 'image', altText: 'a.png' }, ''],
    [{ type: 'formResponse', textFallback: 'A: b' }, 'A: b'],
    [{ type: 'location', location: { name: 'Shop' }, text: 'Location: …' }, 'Shop'],
    [{ type: 'location', location: { name: 'Shop', address: 'Graben 1' } }, 'Shop, Graben 1'],
    [{ type: 'location', text: 'Location: …' }, 'Location: …'],
    [{ type: 'text', text: 7, location: 'x' }, ''],
  ])('of %j is %j', (content, words) => expect(readWords(content)).toBe(words));
});
