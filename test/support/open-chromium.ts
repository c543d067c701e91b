import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const PATH = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** False on a machine without Chromium, where browser tests are skipped; in CI that is an error. */
export function hasChromium(): boolean {
  if (existsSync(PATH)) return true;
  const remedy = 'install Debian’s `chromium` package to run the browser tests';
  if (process.env['CI'])
    throw new Error(`Chromium was not found, and CI skips nothing: ${remedy}.`);
  console.warn(`Skipping the browser tests: ${remedy}.`);
  return false;
}

/** A browser with an empty profile that notes whatever its pages complain about. */
export async function openChromium() {
  const browser = await chromium.launch({ executablePath: PATH, args: FLAGS });
  const complaints: string[] = [];

  return {
    complaints,
    async newVisitor(
      options: {
        colorScheme?: 'light' | 'dark';
        javaScriptEnabled?: boolean;
        timezoneId?: string;
        width?: number;
        /** For a certificate that a test made for itself. */
        ignoreHTTPSErrors?: boolean;
      } = {},
    ) {
      const { width = 1280, ...rest } = options;
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        // axe is put into the page, which our Content-Security-Policy forbids to anybody else.
        bypassCSP: false,
        reducedMotion: 'reduce',
        ...rest,
      });
      context.on('weberror', (error) => complaints.push(error.error().message));
      context.on('console', (message) => {
        if (message.type() === 'error')
          complaints.push(`${message.page()?.url()}: ${message.text()}`);
      });
      return context;
    },
    close: () => browser.close(),
  };
}

const FIND_VIOLATIONS = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ rule: id, at: nodes.map(({ html }) => html) })))`;

type ColorScheme = 'light' | 'dark';

/** Fails with what axe finds wrong, in the light and in the dark. */
export async function expectAccessible(
  page: Page,
  colorSchemes: ColorScheme[] = ['light', 'dark'],
): Promise<void> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe.source);
  for (const colorScheme of colorSchemes) {
    await page.emulateMedia({ colorScheme });
    const found: unknown = await page.evaluate(FIND_VIOLATIONS);
    expect(found, `${page.url()} in ${colorScheme} mode`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
