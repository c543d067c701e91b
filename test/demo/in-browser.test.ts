import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowAcme, hasChromium, openChromium } from '../support/browser/open-chromium.ts';
import { findFreePort, startProcess, type AppProcess } from '../support/process/start-process.ts';
import { makeCertificate, startTlsProxy } from './support/start-tls-proxy.ts';

/** `NODE_ENV=production SANDBOX=1` behind a proxy that ends TLS, seen through a real browser. */
describe.runIf(hasChromium())('the public demo on https', { timeout: 120_000 }, () => {
  let folder: string;
  let app: AppProcess;
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let proxies: { close(): void }[];
  let publicUrl: string;
  let sandboxUrl: string;
  let ann: Page;
  let bob: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shopkeeper-demo-'));
    const certificate = await makeCertificate(folder);
    const [port, sandboxPort] = [await findFreePort(), await findFreePort()];
    const proxy = await startTlsProxy({ target: port, certificate });
    const sandboxProxy = await startTlsProxy({ target: sandboxPort, certificate });
    proxies = [proxy, sandboxProxy];
    [publicUrl, sandboxUrl] = [proxy.url, sandboxProxy.url];
    app = startProcess({
      NODE_ENV: 'production',
      SANDBOX: '1',
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      PUBLIC_URL: publicUrl,
      SANDBOX_URL: sandboxUrl,
      TRUST_PROXY: '1',
      DATA_DIR: join(folder, 'data'),
      SESSION_SECRETS: 's'.repeat(32),
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      NODE_EXTRA_CA_CERTS: certificate.certFile,
    });
    await app.ready();
    chromium = await openChromium();
    const visitor = () => chromium.newVisitor({ ignoreHTTPSErrors: true });
    ann = await (await visitor()).newPage();
    bob = await (await visitor()).newPage();
  });
  afterAll(async () => {
    await chromium.close();
    await app.end('SIGTERM');
    for (const proxy of proxies) proxy.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function install(page: Page): Promise<void> {
    await page.goto(publicUrl);
    await page.getByRole('link', { name: 'Add to Zendesk' }).first().click();
    await allowAcme(page);
    await page.getByRole('link', { name: 'Open the Messenger' }).waitFor();
  }

  async function openMessenger(page: Page): Promise<void> {
    const link = page.getByRole('link', { name: 'Open the Messenger' });
    await page.goto((await link.getAttribute('href')) ?? '');
    await page.getByRole('button', { name: 'Start a conversation' }).click();
    await page.getByText('Hello, I am the shop’s assistant.').waitFor();
  }

  it('says what it is on the pages of both sites', async () => {
    await ann.goto(publicUrl);
    await ann.getByText('deleted after a day without a visit').waitFor();
    expect(await ann.content()).not.toContain('nothing leaves this computer');
    await ann.goto(sandboxUrl);
    await ann.getByRole('button', { name: 'Open my sandbox' }).waitFor();
  });

  it('lets two visitors install and chat, each in a sandbox of their own', async () => {
    for (const page of [ann, bob]) {
      await install(page);
      await openMessenger(page);
    }
    await ann.getByLabel('Your message').fill('only for Ann');
    await ann.waitForLoadState('load');
    await ann.getByLabel('Your message').press('Enter');
    await ann.getByText('You said: “only for Ann”').waitFor();
    await bob.reload();
    expect(await bob.content()).not.toContain('only for Ann');
    const response = await bob.goto(ann.url());
    expect(response?.status()).toBe(404);
  });

  it('keeps every cookie to https and to one host', async () => {
    const cookies = await ann.context().cookies();
    const names = cookies.map(({ name }) => name);
    expect(names).toContain('__Host-sandbox_world');
    expect(names).toContain('sandbox_customer');
    for (const { name, secure, httpOnly } of cookies) {
      expect({ name, secure, httpOnly }).toEqual({ name, secure: true, httpOnly: true });
    }
  });

  it('lets a visitor start over', async () => {
    await bob.goto(`${sandboxUrl}/your-sandbox`);
    await bob.getByRole('button', { name: 'Delete everything and start over' }).click();
    await bob.getByRole('button', { name: 'Open my sandbox' }).click();
    await bob.getByRole('heading', { name: 'Accounts' }).waitFor();
    expect(await bob.content()).not.toContain('Installed:');
    await ann.goto(publicUrl);
    await ann.getByRole('link', { name: 'Acme Outdoor' }).waitFor();
  });

  it('makes no browser complain', () => {
    const unexpected = chromium.complaints.filter((line) => !line.includes('404'));
    expect(unexpected).toEqual([]);
  });
});
