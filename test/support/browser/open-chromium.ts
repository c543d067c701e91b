import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
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
  // A visitor's second page is in the process of the first, not in a new one; also while it is empty.
  '--process-per-site',
  '--renderer-process-limit=1',
  // A page that follows another of its site takes over its frame: a tenth of the work on both. The others are
  // of Playwright's own list, which this one takes the place of.
  '--disable-features=RenderDocument,PaintHolding,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable',
];

/** Of a small laptop’s window, where more has to scroll, and less is painted. */
export const HEIGHT = 600;

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
        viewport: { width, height: HEIGHT },
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
