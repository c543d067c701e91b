import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Each page has it, and runs it when it is looked at: to send it to each anew cost a fifth of the look. */
const AXE = `function bringAxe() {
${readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')}
}`;
const haveAxe = new WeakSet<Page>();

/** What axe says about colours; whatever else it says is the same in any scheme. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** What it says about places and sizes; whatever else it says of what is seen is the same in any window. */
const LAYOUT_RULES = ['target-size', 'scrollable-region-focusable'];
const LOOKS = {
  // Off unless asked for: what is pressed is 24 px wide and high, or has as much room around it.
  everything: { rules: { 'target-size': { enabled: true } } },
  colours: { runOnly: COLOUR_RULES },
  layout: { runOnly: LAYOUT_RULES },
};

/**
 * Fails with what axe finds wrong, in the light and in the dark. The page stays in the one it is looked at in
 * last, as every change has all of it painted again.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const scheme = await expectNoViolation(page, 'everything');
  await page.emulateMedia({ colorScheme: scheme === 'dark' ? 'light' : 'dark' });
  await expectNoViolation(page, 'colours');
}

/** Fails with what axe finds wrong in the page as it is. Returns the colour scheme that it is in. */
export async function expectNoViolation(page: Page, look: keyof typeof LOOKS): Promise<string> {
  await giveAxe(page);
  const options = JSON.stringify({ ...LOOKS[look], resultTypes: ['violations'] });
  const { scheme, found } = await page.evaluate<{
    scheme: string;
    found: unknown[];
  }>(`(async () => {
    if (!('axe' in globalThis)) bringAxe();
    const { violations } = await axe.run(${options});
    return {
      scheme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
      found: violations.map(({ id, nodes }) => ({ rule: id, at: nodes.map(({ html }) => html) })),
    };
  })()`);
  const { width } = page.viewportSize() ?? {};
  expect(found, `${page.url()} in the ${scheme}, ${width} px wide`).toEqual([]);
  return scheme;
}

/** To the document that is there, which Playwright's `addInitScript` leaves out, and to all that follow. */
async function giveAxe(page: Page): Promise<void> {
  if (haveAxe.has(page)) return;
  const session = await page.context().newCDPSession(page);
  await session.send('Page.enable');
  const script = { source: AXE, runImmediately: true };
  await session.send('Page.addScriptToEvaluateOnNewDocument', script);
  haveAxe.add(page);
}
