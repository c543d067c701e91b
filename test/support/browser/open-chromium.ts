import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Browser as Browserless } from './browser.ts';

/** The shell is the same browser without its windows: for a third of the work. */
const PATHS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Pages are left too soon for what V8's optimizing compilers do to pay: a fifth of the work on a page.
  '--js-flags=--no-opt,--no-maglev',
  // A visitor's second page is in the process of the first, not in a new one.
  '--process-per-site',
];

/** False on a machine without Chromium, where browser tests are skipped; in CI that is an error. */
export function hasChromium(): boolean {
  if (findChromium() !== undefined) return true;
  const remedy = 'install Debian’s package `chromium-headless-shell` to run the browser tests';
  if (process.env['CI'])
    throw new Error(`Chromium was not found, and CI skips nothing: ${remedy}.`);
  console.warn(`Skipping the browser tests: ${remedy}.`);
  return false;
}

function findChromium(): string | undefined {
  return PATHS.find((path) => existsSync(path));
}

let launched: Promise<Browser> | undefined;

/** One for all test files: it ends with their process. */
function launch(): Promise<Browser> {
  launched ??= chromium.launch({ executablePath: findChromium() ?? '', args: FLAGS });
  return launched;
}

/** Visitors with an empty profile each, and what the pages they see complain about. */
export async function openChromium() {
  const browser = await launch();
  const complaints: string[] = [];
  const visitors: BrowserContext[] = [];

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
      visitors.push(context);
      context.on('weberror', (error) => complaints.push(error.error().message));
      context.on('console', (message) => {
        if (message.type() === 'error')
          complaints.push(`${message.page()?.url()}: ${message.text()}`);
      });
      return context;
    },
    async close(): Promise<void> {
      await Promise.all(visitors.map((visitor) => visitor.close()));
    },
  };
}

/** Makes a visitor the one who installed without Chromium, which costs far less than to do it in there. */
export function signIn(visitor: BrowserContext, { cookies }: Pick<Browserless, 'cookies'>) {
  return visitor.addCookies(
    [...cookies].map(([name, { value, path, hostname }]) => ({
      name,
      value,
      path,
      domain: hostname,
    })),
  );
}

/** On Zendesk's consent page: chooses an account and allows. Returns the address of the account's page. */
export async function allowAcme(page: Page): Promise<string> {
  await page.getByRole('radio', { name: /Acme Outdoor/ }).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('heading', { level: 1, name: 'Acme Outdoor' }).waitFor();
  return page.url();
}

/** Each page has it, and runs it when it is looked at: to send it to each anew cost a fifth of the look. */
const AXE = `function bringAxe() {
${readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')}
}`;
const haveAxe = new WeakSet<Page>();

/** What axe says about colours; whatever else it says is the same in any scheme and in any window. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** Off unless asked for: what is pressed is 24 px wide and high, or has as much room around it. */
const FOR_FINGERS = { 'target-size': { enabled: true } };
const LOOKS = {
  everything: { rules: FOR_FINGERS },
  colours: { runOnly: COLOUR_RULES },
  'all but colours': {
    rules: {
      ...FOR_FINGERS,
      ...Object.fromEntries(COLOUR_RULES.map((rule) => [rule, { enabled: false }])),
    },
  },
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
