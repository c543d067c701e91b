import { startSandbox } from '@shopkeeper/zendesk-sandbox';
import { createBrowser } from '../browser/browser.ts';
import { findFreePort, startProcess, type AppProcess } from './start-process.ts';

const CLIENT = { clientId: 'shopkeeper-fleet', clientSecret: 'a-secret-for-the-fleet-tests' };

export type Fleet = Awaited<ReturnType<typeof startFleet>>;

/**
 * Several processes of the app on one PostgreSQL, and a sandbox in this process. No sticky routing.
 * Their public address is that of a proxy in front, if given, or else of the first.
 */
export async function startFleet(options: {
  databaseUrl: string;
  instances: number;
  publicUrl?: string;
  /** Beside those that the fleet needs. */
  settings?: Record<string, string>;
}) {
  const { databaseUrl, instances } = options;
  const sandbox = await startSandbox({ port: 0, timeScale: 0.0005 });
  const ports = await Promise.all(Array.from({ length: instances }, findFreePort));
  const { publicUrl = `http://localhost:${ports[0]}` } = options;
  sandbox.registerClient({
    ...CLIENT,
    name: 'Fleet',
    redirectUris: [`${publicUrl}/oauth`],
    removeUrl: `${publicUrl}/remove`,
  });
  const start = (port: number, settings: Record<string, string> = {}): AppProcess =>
    startProcess({
      PORT: String(port),
      PUBLIC_URL: publicUrl,
      DATABASE_URL: databaseUrl,
      SESSION_SECRETS: 'a-session-secret-shared-by-the-fleet',
      ENCRYPTION_KEYS: `fleet:${Buffer.alloc(32, 5).toString('base64')}`,
      SANDBOX: '0',
      OAUTH_CLIENT_ID: CLIENT.clientId,
      OAUTH_CLIENT_SECRET: CLIENT.clientSecret,
      ZENDESK_OAUTH_URL: `${sandbox.url}/sc`,
      ZENDESK_API_URL: `${sandbox.url}/accounts/{subdomain}/sc`,
      ZENDESK_LEGACY_API_URL: `${sandbox.url}/legacy`,
      ...options.settings,
      ...settings,
    });
  // All at once: their migrations meet as well.
  const members = ports.map((port) => start(port));
  await Promise.all(members.map((member) => member.ready()));

  return {
    zendesk: sandbox.control,
    publicUrl,
    clientId: CLIENT.clientId,
    url: (index: number) => `http://localhost:${ports[index]}`,
    /** Where a proxy reaches them. */
    targets: ports.map((port) => `127.0.0.1:${port}`),
    kill: async (index: number) => void (await members[index]?.end('SIGKILL')),
    /** Stops one as an operator does; answers its exit code. */
    stop: async (index: number) => await members[index]?.end('SIGTERM'),
    async restart(index: number, settings?: Record<string, string>): Promise<void> {
      const member = start(ports[index] ?? 0, settings);
      members[index] = member;
      await member.ready();
    },
    async install(): Promise<{
      browser: ReturnType<typeof createBrowser>;
      id: string;
      key: string;
    }> {
      const browser = createBrowser();
      const page = await browser.open(await browser.allow(publicUrl, 'acme'));
      const id = /installations\/([0-9a-f]{32})/.exec(page.url)?.[1] ?? '';
      const key = sandbox.control.installations()[0]?.webhooks[0]?.secret ?? '';
      return { browser, id, key };
    },
    async close(): Promise<void> {
      await Promise.all(members.map((member) => member.end('SIGKILL')));
      await sandbox.close();
    },
  };
}
