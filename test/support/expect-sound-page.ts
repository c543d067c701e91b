import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectAccessible } from './open-chromium.ts';

/** Colours are the same in a narrow window, so that they are looked at in a wide one only. */
const VIEWS = [
  { width: 360, colorSchemes: ['light'] },
  { width: 1280, colorSchemes: ['light', 'dark'] },
] as const;

/** What axe leaves open, as sentences; it runs in the page. */
const LIST_FAULTS = `(() => {
  const textOf = (ids) => (ids ?? '').split(' ').filter(Boolean).map((id) => {
    const text = document.getElementById(id)?.textContent;
    if (text === undefined) faults.push('Nothing has the id ' + id);
    return text ?? '';
  }).join('').trim();
  const faults = [];
  const headings = document.querySelectorAll('h1').length;
  if (headings !== 1) faults.push('There are ' + headings + ' main headings');
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) {
    faults.push('Several elements have the id ' + id);
  }
  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    const description = textOf(field.getAttribute('aria-describedby'));
    if (field.labels.length === 0) faults.push(field.name + ' has no label');
    if (field.ariaInvalid === 'true' && description === '') faults.push(field.name + ' is wrong without a word');
  }
  return faults;
})()`;

/** Whatever a page is about: it is titled, labelled, accessible in light and dark, and fits any window. */
export async function expectSoundPage(page: Page, site: 'Shopkeeper' | 'Sandbox'): Promise<void> {
  expect(await page.title()).toMatch(new RegExp(`^\\S.* · ${site}$`));
  // What is folded away has to be in order, too.
  await page.evaluate(
    'document.querySelectorAll("details").forEach((one) => { one.open = true; })',
  );
  expect(await page.evaluate(LIST_FAULTS), page.url()).toEqual([]);
  for (const { width, colorSchemes } of VIEWS) {
    await page.setViewportSize({ width, height: 900 });
    const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(excess, `${page.url()} sticks out at ${width} px`).toBe(0);
    await expectAccessible(page, [...colorSchemes]);
  }
}
