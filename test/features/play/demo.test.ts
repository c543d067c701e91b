import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate, startTlsProxy } from '../../demo/support/start-tls-proxy.ts';
import { hasChromium, openChromium } from '../../support/browser/open-chromium.ts';
import {
  findFreePort,
  startProcess,
  type AppProcess,
} from '../../support/process/start-process.ts';

/** `/play` of a public demo on https: two sites, and a world for each visitor. */
describe.runIf(hasChromium())('/play of a public demo', { timeout: 120_000 }, () => {
  let folder: string;
  let app: AppProcess;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let proxies: { url: string; close(): void }[];
  let ann: Page;
  let bob: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shopkeeper-play-'));
    const certificate = await makeCertificate(folder);
    const ports = [await findFreePort(), await findFreePort()];
    proxies = await Promise.all(ports.map((target) => startTlsProxy({ target, certificate })));
    app = startProcess({
      NODE_ENV: 'production',
      SANDBOX: '1',
      PORT: String(ports[0]),
      SANDBOX_PORT: String(ports[1]),
      PUBLIC_URL: proxies[0]?.url ?? '',
      SANDBOX_URL: proxies[1]?.url ?? '',
      TRUST_PROXY: '1',
      DATA_DIR: join(folder, 'data'),
      SESSION_SECRETS: 's'.repeat(32),
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      NODE_EXTRA_CA_CERTS: certificate.certFile,
    });
    await app.ready();
    chromium = await openChromium();
    const visit = async () => (await chromium.newVisitor({ ignoreHTTPSErrors: true })).newPage();
    [ann, bob] = [await visit(), await visit()];
  });
  afterAll(async () => {
    await chromium.close();
    await app.end('SIGTERM');
    for (const proxy of proxies) proxy.close();
    await rm(folder, { recursive: true, force: true });
  });

  const chatOf = (page: Page) => page.frameLocator('iframe[data-view=customer]');

  async function say(page: Page, text: string): Promise<void> {
    await page.waitForLoadState('load');
    await chatOf(page).getByRole('textbox').first().fill(text);
    await chatOf(page).getByRole('textbox').first().press('Enter');
  }

  it('lets a newcomer in with one click, each into a world of their own', async () => {
    for (const page of [ann, bob]) {
      await page.goto(proxies[0]?.url ?? '');
      await page.getByRole('link', { name: 'Try the demo' }).click();
      await page.getByRole('link', { name: 'Try it now' }).click();
      await chatOf(page).getByRole('button', { name: 'Start a conversation' }).click();
      await chatOf(page).getByText('I am the shop’s assistant').waitFor();
    }
    expect(await ann.content()).not.toContain('npm run dev');
  });

  it('breaks nobody else’s answer, and cannot be crashed', async () => {
    expect(await ann.getByRole('button', { name: 'Crash the app' }).count()).toBe(0);
    await ann.getByRole('button', { name: '500 three times' }).click();
    await ann.getByText('Now write something in the chat.').waitFor();
    await say(bob, 'only for Bob');
    await bob.locator('.stop', { hasText: 'got one answer' }).waitFor();
    await say(ann, 'only for Ann');
    await ann.locator('.stop[data-state=waiting]').first().waitFor();
    expect(await bob.content()).not.toContain('only for Ann');
    expect(await ann.content()).not.toContain('only for Bob');
  });

  it('left nothing in the console', () => {
    expect(chromium.complaints).toEqual([]);
  });
});
