import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '@shopkeeper/zendesk-sandbox';
import { askDiagnosis } from '../../server/commands/doctor/diagnosis.ts';
import { startThroughTunnel, type Tunnel } from '../../server/commands/tunnel/run-tunnel.ts';
import { createBrowser } from '../support/browser/browser.ts';
import { openProxyTunnel } from '../support/network/open-proxy-tunnel.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const SECRET = 's'.repeat(32);
const CLIENT = { clientId: 'tunnelled', clientSecret: 'a-client-secret-for-the-tunnel' };

let sandbox: Sandbox;
let dataDir = '';
let environment: Record<string, string> = {};
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0, record: true, timeScale: 0.0005 });
  dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-tunnel-'));
  environment = {
    PORT: String(await findFreePort()),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    SANDBOX: '0',
    OAUTH_CLIENT_ID: CLIENT.clientId,
    OAUTH_CLIENT_SECRET: CLIENT.clientSecret,
    SESSION_SECRETS: SECRET,
    ZENDESK_OAUTH_URL: `${sandbox.url}/sc`,
    ZENDESK_API_URL: `${sandbox.url}/accounts/{subdomain}/sc`,
  };
});
afterEach(async () => {
  await sandbox.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(changes: Record<string, string> = {}) {
  const app = await startThroughTunnel({ ...environment, ...changes }, openProxyTunnel);
  const url = app.publicUrl;
  sandbox.registerClient({ ...CLIENT, name: 'Tunnelled', redirectUris: [`${url}/oauth`] });
  await app.begin();
  return { ...app, url };
}

describe('the tunnel', () => {
  it('is the public address of the app that it starts', async () => {
    const app = await start({ PUBLIC_URL: 'https://elsewhere.example.com' });
    const browser = createBrowser();
    const page = await browser.open(await browser.allow(app.url, 'acme'));
    expect(page.status).toBe(200);
    expect(page.url.startsWith(`${app.url}/installations/`)).toBe(true);
    await app.stop();
    await expect(fetch(app.url)).rejects.toThrow('fetch failed');
    await expect(fetch(`http://localhost:${environment['PORT']}`)).rejects.toThrow('fetch failed');
  });

  it('is followed by the webhook when its address changes: the same one, patched', async () => {
    const first = await start();
    const browser = createBrowser();
    await browser.open(await browser.allow(first.url, 'acme'));
    const webhooks = () => sandbox.control.installations()[0]?.webhooks ?? [];
    const [before] = webhooks();
    await first.stop();
    const second = await start();
    expect(second.url).not.toBe(first.url);
    const target = before?.target.replace(first.url, second.url);
    await waitUntil('it has followed', () => webhooks()[0]?.target === target);
    const [after, ...others] = webhooks();
    expect(others).toEqual([]);
    expect(after?.id).toBe(before?.id);
    await second.stop();
  });

  it.each([
    ['is trusted about its visitors, and no visitor about himself', {}, true],
    ['is trusted no more than TRUST_PROXY says', { TRUST_PROXY: '192.0.2.7' }, false],
  ])('%s', async (_name, changes, trusted) => {
    const app = await start(changes);
    const { publicUrl } = app;
    const told = await askDiagnosis({ publicUrl, secret: SECRET, timeoutMs: 2_000, now: Date.now });
    expect(told?.diagnosis.trusted).toBe(trusted);
    expect(told?.diagnosis.address).not.toBe('192.0.2.1');
    await app.stop();
  });

  it('is closed again when the app cannot start', async () => {
    const opened: Tunnel[] = [];
    const other = createServer().listen(Number(environment['PORT']));
    const starting = startThroughTunnel(environment, async (options) => {
      const tunnel = await openProxyTunnel(options);
      opened.push(tunnel);
      return tunnel;
    });
    await expect(starting).rejects.toThrow('is taken');
    await expect(fetch(opened[0]?.url ?? '')).rejects.toThrow('fetch failed');
    other.close();
  });

  it('is not opened while the configuration has a problem', async () => {
    const open = () => Promise.reject(new Error('It was opened.'));
    const starting = startThroughTunnel({ ...environment, LOG_LEVEL: 'loud' }, open);
    await expect(starting).rejects.toThrow('LOG_LEVEL');
  });
});
