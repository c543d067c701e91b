import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectAccessible, expectNoViolation } from './expect-accessible.ts';
import { HEIGHT } from './open-chromium.ts';

/** The title, and what axe leaves open, as sentences; it runs in the page. */
const LOOK_OVER = `(() => {
  // What is folded away has to be in order, too.
  document.querySelectorAll('details').forEach((one) => { one.open = true; });
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
  for (const card of document.querySelectorAll('.card')) {
    const next = card.nextElementSibling;
    if (next === null || getComputedStyle(next).borderBlockStartWidth === '0px') continue;
    const gap = next.getBoundingClientRect().top - card.getBoundingClientRect().bottom;
    if (gap >= 0 && gap < 4) faults.push('Is stuck to what is below it: ' + card.outerHTML);
  }
  const everywhere = [document, ...[...document.querySelectorAll('template')].map(({ content }) => content)];
  const all = (selector) => everywhere.flatMap((root) => [...root.querySelectorAll(selector)]);
  // ARIA in HTML: these have a role that must not be named, and screen readers drop the name.
  const nameless = ':is(p, span, div, code, pre, strong, em, b, i, s, u, small, del, ins, sub, sup, mark, bdi, time, dt, dd, caption)';
  for (const { outerHTML } of all(nameless + ':is([aria-label], [aria-labelledby]):not([role])')) {
    faults.push('May not have a name: ' + outerHTML);
  }
  for (const { dateTime, outerHTML } of all('time')) {
    if (Number.isNaN(Date.parse(dateTime))) faults.push('No date: ' + outerHTML);
  }
  for (const element of all('a[href], img, form, link, script[src]')) {
    const address = element.href ?? element.src ?? element.action;
    if (!/^https?:/.test(address)) faults.push('Leads nowhere on the web: ' + element.outerHTML);
    if (element.target === '_blank' && !element.relList.contains('noopener')) faults.push('Can be turned round by the page it opens: ' + element.outerHTML);
  }
  const setsOwnDirection = (element) => element.closest('bdi, [dir=auto]') !== null;
  const isRightToLeft = (text) => /[\\u0590-\\u08ff]/.test(text ?? '');
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (isRightToLeft(data) && !setsOwnDirection(parentElement)) faults.push('Does not set its own direction: ' + data);
  }
  for (const field of document.querySelectorAll('input:is([type=text], [type=search], :not([type])), textarea')) {
    if (field.inputMode !== 'url' && field.dir === '' && !/id$/i.test(field.id + field.labels[0]?.textContent)) {
      faults.push('Does not set its own direction: ' + field.outerHTML);
    }
  }
  return { title: document.title, faults };
})()`;

const WIDE = 1280;
const NARROW = 360;

/** Notes what a window of this width shows. */
const note = (width: number) =>
  `globalThis.shown = { ...globalThis.shown, ${width}: [...document.querySelectorAll('*')].filter((one) => one.checkVisibility()) }`;
const NARROW_SHOWS_MORE = `new Set([...shown[${WIDE}], ...shown[${NARROW}]]).size > shown[${WIDE}].length`;

/**
 * Whatever a page is about: it is titled, labelled, accessible in light and dark, and fits any window. It stays
 * in the one it is looked at in last, as every change has all of it laid out and painted again.
 */
export async function expectSoundPage(page: Page, site: 'Shopkeeper' | 'Sandbox'): Promise<void> {
  const { title, faults } = await page.evaluate<{ title: string; faults: string[] }>(LOOK_OVER);
  expect(title).toMatch(new RegExp(`^\\S.* · ${site}$`));
  expect(faults, page.url()).toEqual([]);
  const isNarrow = page.viewportSize()?.width === NARROW;
  for (const width of isNarrow ? [NARROW, WIDE] : [WIDE, NARROW]) {
    await expectToFit(page, width);
    await page.evaluate(note(width));
    if (width === WIDE) await expectAccessible(page);
    else await expectNoViolation(page, 'layout');
  }
  if (!(await page.evaluate(NARROW_SHOWS_MORE))) return;
  await expectToFit(page, NARROW);
  await expectNoViolation(page, 'everything');
}

async function expectToFit(page: Page, width: number): Promise<void> {
  if (page.viewportSize()?.width !== width) await page.setViewportSize({ width, height: HEIGHT });
  const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(excess, `${page.url()} sticks out at ${width} px`).toBe(0);
}
