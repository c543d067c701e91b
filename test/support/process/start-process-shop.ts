import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '@shopkeeper/zendesk-sandbox';
import { createBrowser } from '../browser/browser.ts';
import { findFreePort, startProcess } from './start-process.ts';

const CLIENT = { clientId: 'shopkeeper-process', clientSecret: 'a-secret-for-the-process-tests' };

/**
 * A sandbox in this process and the app, or another copy of it, in another, which can be killed and started
 * again.
 */
export async function startProcessShop(settings: Record<string, string> = {}, program?: string) {
  const sandbox = await startSandbox({ port: 0, timeScale: 0.0005 });
  const dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-process-'));
  const port = await findFreePort();
  const url = `http://localhost:${port}`;
  sandbox.registerClient({
    ...CLIENT,
    name: 'Shopkeeper',
    redirectUris: [`${url}/oauth`],
    removeUrl: `${url}/remove`,
  });
  let environment: Record<string, string> = {
    PORT: String(port),
    DATA_DIR: dataDir,
    SANDBOX: '0',
    OAUTH_CLIENT_ID: CLIENT.clientId,
    OAUTH_CLIENT_SECRET: CLIENT.clientSecret,
    ZENDESK_OAUTH_URL: `${sandbox.url}/sc`,
    ZENDESK_API_URL: `${sandbox.url}/accounts/{subdomain}/sc`,
    ZENDESK_LEGACY_API_URL: `${sandbox.url}/legacy`,
    ...settings,
  };
  let app = startProcess(environment, program);
  await app.ready();

  return {
    url,
    dataDir,
    clientId: CLIENT.clientId,
    zendesk: sandbox.control,
    app: () => app,
    /** What the app was started with last, for a command beside it. */
    environment: () => environment,
    async restart(changes: Record<string, string> = {}): Promise<void> {
      environment = { ...environment, ...changes };
      app = startProcess(environment, program);
      await app.ready();
    },
    async install(account: string): Promise<string> {
      const browser = createBrowser();
      const page = await browser.open(await browser.allow(url, account));
      if (page.status !== 200) throw new Error(`Not installed: ${page.status}`);
      return page.url;
    },
    async close(): Promise<void> {
      await app.end('SIGKILL');
      await sandbox.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
