import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { allowAcme, hasChromium, openChromium } from '../support/browser/open-chromium.ts';
import { findFreePort, startProcess, type AppProcess } from '../support/process/start-process.ts';

/** The pictures of docs/apps-portal.md are made anew by `npm run pictures`. */
const PICTURES = process.env['SCREENSHOTS']
  ? join(findProjectRoot(), 'docs/apps-portal')
  : undefined;

/** From signing in at the provider's portal to a connection that works. */
describe.runIf(hasChromium())(
  'an app, from the portal to a connection',
  { timeout: 120_000 },
  () => {
    let app: AppProcess;
    let dataDir: string;
    let sandboxUrl: string;
    let chromium: Awaited<ReturnType<typeof openChromium>>;
    let portal: Page;
    let shop: Page;
    let credentials: { id: string; secret: string };

    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-portal-'));
      const ports = {
        PORT: String(await findFreePort()),
        SANDBOX_PORT: String(await findFreePort()),
      };
      sandboxUrl = `http://localhost:${ports.SANDBOX_PORT}`;
      app = startProcess({ ...ports, DATA_DIR: dataDir });
      await app.ready();
      chromium = await openChromium();
      const visitor = await chromium.newVisitor({ width: 900 });
      portal = await visitor.newPage();
      shop = await visitor.newPage();
      if (PICTURES) await mkdir(PICTURES, { recursive: true });
    });
    afterAll(async () => {
      await chromium.close();
      await app.end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    });

    /** For the docs; secrets are covered. */
    async function takePicture(page: Page, name: string, mask: Locator[] = []): Promise<void> {
      if (!PICTURES) return;
      const maskColor = '#bfac94';
      await page.setViewportSize({ width: 640, height: 560 });
      await page.screenshot({ path: join(PICTURES, `${name}.png`), mask, maskColor });
      await page.setViewportSize({ width: 900, height: 900 });
    }

    async function readCopied(label: string): Promise<string> {
      const button = portal.getByRole('button', { name: `Copy the ${label} of` });
      return (await button.getAttribute('data-copy')) ?? '';
    }

    it('begins with signing in and the apps there are', async () => {
      await portal.goto(sandboxUrl);
      await portal.getByRole('link', { name: 'Open the portal' }).click();
      await portal.getByLabel('Zocks Owner').check();
      await portal.getByRole('button', { name: 'Sign in' }).click();
      await portal.getByRole('link', { name: 'Create new app' }).waitFor();
      await portal.getByText('Marketplace bot').waitFor();
      await takePicture(portal, 'apps');
    });

    it('takes three steps, and shows the credentials once', async () => {
      await portal.getByRole('link', { name: 'Create new app' }).click();
      await portal.getByLabel('Logo URL').fill(`${sandboxUrl}/assets/icon.svg`);
      await portal.getByLabel('App name').fill('Meeting Notes');
      await portal
        .getByLabel('Short description')
        .fill('Brings the notes of your meetings into your tickets.');
      await portal.getByLabel('About').fill('Made for teams that talk first and write later.');
      await portal.getByLabel('What you can do').fill('Find a meeting\nAttach its notes');
      await portal.locator('[data-preview] img').waitFor();
      await portal.getByLabel('Logo URL').focus();
      await takePicture(portal, 'details');
      await portal.getByRole('button', { name: 'Next' }).click();
      await portal.getByLabel('Redirect URI 1').fill(`${app.url}/connections/callback/zocks`);
      await takePicture(portal, 'redirect-uris');
      await portal.getByRole('button', { name: 'Next' }).click();
      await portal.getByRole('checkbox', { name: 'Read the summaries' }).check();
      await takePicture(portal, 'scopes');
      await portal.getByRole('button', { name: 'Create app' }).click();
      await portal.getByText('Copy the secret now.').waitFor();
      credentials = {
        id: await readCopied('client id'),
        secret: await readCopied('client secret'),
      };
      await takePicture(portal, 'credentials', [
        portal.locator('dd', { hasText: credentials.secret }),
      ]);
      await portal.reload();
      await portal.getByText('The client secret was shown when it was made').waitFor();
      expect(await portal.content()).not.toContain(credentials.secret);
    });

    it('is enabled by its owner', async () => {
      await portal.getByRole('link', { name: 'Go to the app' }).click();
      await portal.getByText('Not enabled', { exact: true }).waitFor();
      await portal.getByRole('button', { name: 'Enable' }).click();
      await portal.getByRole('button', { name: 'Disable' }).waitFor();
      await takePicture(portal, 'app');
    });

    it('connects, with the consent page showing what its owner wrote', async () => {
      await shop.goto(app.url);
      await shop.getByRole('link', { name: 'Add to Zendesk' }).first().click();
      await shop.getByText('Shopkeeper joins your conversations').waitFor();
      await takePicture(shop, 'install');
      await allowAcme(shop);
      await shop.goto(`${shop.url()}/connections/new?provider=zocks`);
      await shop.getByLabel('Name your connection').fill('Notes');
      await shop.getByLabel('Client id').fill(credentials.id);
      await shop.getByLabel('Client secret').fill(credentials.secret);
      await shop.getByRole('button', { name: 'Save & authorize' }).click();
      await shop.getByRole('heading', { name: 'Meeting Notes would like access' }).waitFor();
      await shop.getByText('Brings the notes of your meetings into your tickets.').waitFor();
      await takePicture(shop, 'consent');
      await shop.getByRole('radio', { name: /Zocks Adviser/ }).check();
      await shop.getByRole('button', { name: 'Allow' }).click();
      await shop.getByText('adviser@zocks.example').first().waitFor();
      await shop.getByRole('button', { name: 'Test', exact: true }).click();
      await shop.getByText('adviser@zocks.example').first().waitFor();
      await takePicture(shop, 'connection');
    });

    it('shows its owner who has it, and stops when it is disabled', async () => {
      await portal.reload();
      await portal.getByText('Zocks Adviser').waitFor();
      await portal.getByRole('button', { name: 'Disable' }).click();
      await portal.getByRole('button', { name: 'Enable' }).waitFor();
      await shop.getByRole('button', { name: 'Test', exact: true }).click();
      await shop.getByText('It says: “The app is not enabled.”').first().waitFor();
    });

    it('left nothing in the console', () => {
      expect(chromium.complaints).toEqual([]);
    });
  },
);
