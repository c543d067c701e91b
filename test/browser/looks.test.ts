import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/browser/expect-accessible.ts';
import { expectSoundPage } from '../support/browser/expect-sound-page.ts';
import { hasChromium, openChromium } from '../support/browser/open-chromium.ts';
import { serve } from '../support/network/serve.ts';

const STYLE = `
  :root { color-scheme: light dark; }
  body { background: light-dark(#fff, #000); color: light-dark(#000, #fff); }
  a { color: inherit; }
  .if-narrow { display: none; }
  .pill { display: inline-block; width: 24px; height: 24px; }
  @media (width < 600px) { .if-narrow { display: block; } .pill { width: 8px; } }`;

/** The looks that the other browser tests take, at pages that have a fault in one place alone. */
describe.runIf(hasChromium())('a page is not found sound', { timeout: 120_000 }, () => {
  let main = '';
  let url = '';
  let page: Page;
  const closings: (() => unknown)[] = [];

  beforeAll(async () => {
    const site = await serve((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(
        `<!doctype html><html lang="en"><title>A page · Sandbox</title><meta name="viewport" content="width=device-width"><style>${STYLE}</style><main><h1>A page</h1>${main}</main>`,
      );
    });
    ({ url } = site);
    const chromium = await openChromium();
    closings.push(
      () => chromium.close(),
      () => site.close(),
    );
    page = await (await chromium.newVisitor()).newPage();
  });
  afterAll(async () => {
    for (const close of closings) await close();
  });

  it('unless nothing is wrong with it, in a wide window and in a narrow one', async () => {
    main = '<p>Words <a href="/">to read</a></p>';
    for (const _ of ['wide first', 'narrow first']) {
      await page.goto(url);
      await expectSoundPage(page, 'Sandbox');
    }
  });

  it.each([
    ['a text is too pale', '<p style="color: #999">Words</p>', 'color-contrast'],
    [
      'a text is too dark in the dark',
      '<p style="color: light-dark(#000, #333)">Words</p>',
      'color-contrast',
    ],
    ['a picture has no words', '<img src="data:image/gif;base64," width="9">', 'image-alt'],
  ])('when %s', async (_fault, html, rule) => {
    main = html;
    await page.goto(url);
    await expect(expectAccessible(page)).rejects.toThrow(rule);
  });

  it.each([
    [
      'a button that only narrow windows show has no name',
      '<button class="if-narrow"></button>',
      'button-name',
    ],
    [
      'links are too close to each other in a narrow window',
      '<a class="pill" href="/1">1</a><a class="pill" href="/2">2</a>',
      'target-size',
    ],
  ])('when %s, whichever window is looked at first', async (_fault, html, rule) => {
    main = html;
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(url);
      await expect(expectSoundPage(page, 'Sandbox'), `${width} px`).rejects.toThrow(rule);
    }
  });
});
