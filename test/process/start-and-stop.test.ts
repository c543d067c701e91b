import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBesideApp } from '../../server/commands/open-beside-app.ts';
import type { EventState } from '../../server/store/schema.ts';
import { createBrowser } from '../support/browser/browser.ts';
import { startProcessShop } from '../support/process/start-process-shop.ts';
import { type AppProcess, findFreePort, startProcess } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-start-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function environment() {
  const port = await findFreePort();
  return { PORT: String(port), SANDBOX_PORT: String(await findFreePort()), DATA_DIR: dataDir };
}

describe('started without credentials, it', () => {
  const browser = createBrowser();
  let folder: string;
  let env: Awaited<ReturnType<typeof environment>>;
  let app: AppProcess;
  let accountUrl: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shopkeeper-start-'));
    env = { ...(await environment()), DATA_DIR: folder };
    app = startProcess({ ...env, LOG_LEVEL: 'info' });
    await app.ready();
  });
  afterAll(async () => {
    await app.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('runs with a sandbox, and says where both are and which version it is', async () => {
    await waitUntil('it says so', () => app.output().includes('Shopkeeper is ready'));
    expect(app.output()).toContain(`Shopkeeper is ready: http://localhost:${env.PORT}`);
    expect(app.output()).toContain(`http://localhost:${env.SANDBOX_PORT}`);
    const { version }: { version: string } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(app.output()).toContain(`"version":"${version}"`);
    const page = await browser.open(await browser.allow(app.url, 'acme'));
    expect(page.text).toContain('Acme Outdoor');
    accountUrl = page.url;
  });

  it('keeps its secrets in files that nobody else may read', async () => {
    for (const file of ['development-secrets.json', 'shopkeeper.db']) {
      expect(existsSync(join(folder, file))).toBe(true);
      expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
    }
    const secrets: unknown = JSON.parse(
      await readFile(join(folder, 'development-secrets.json'), 'utf8'),
    );
    expect(secrets).toMatchObject({ sessionSecrets: expect.any(String) });
  });

  it('is refused a second time on one data folder, with what to do', async () => {
    const second = startProcess({ ...(await environment()), DATA_DIR: folder });
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain('DATABASE_URL');
  });

  it('ends with 0, and started again has the installation, the session and the sandbox', async () => {
    expect(await app.end('SIGTERM')).toBe(0);
    app = startProcess({ ...env, LOG_LEVEL: 'info' });
    await app.ready();
    const page = await browser.get(`${accountUrl}/manage`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Registered');
  });
});

describe('starting', () => {
  it.each(['PORT', 'SANDBOX_PORT'])('names %s when it is taken', async (variable) => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const address = other.address();
    const taken = typeof address === 'object' ? String(address?.port) : '';
    const app = startProcess({ ...(await environment()), [variable]: taken });
    expect(await app.exited).toBe(1);
    expect(app.output()).toContain(`Port ${taken} is taken`);
    expect(app.output()).toContain(`${variable}=`);
    other.close();
  });

  it('names every problem of the configuration at once and exits with 1', async () => {
    const app = startProcess({ NODE_ENV: 'production', PORT: 'http', ENCRYPTION_KEYS: 'short' });
    expect(await app.exited).toBe(1);
    const wrong = ['PORT', 'ENCRYPTION_KEYS', 'OAUTH_CLIENT_ID', 'SESSION_SECRETS', 'PUBLIC_URL'];
    for (const name of wrong) expect(app.output()).toContain(name);
    expect(app.output()).not.toContain('    at ');
  });
});

/** Beside the app, which has the database open. */
async function countEvents(folder: string, states: EventState[]): Promise<number> {
  const database = await openBesideApp({ dataDir: folder }, 'read');
  const events = database.kysely.selectFrom('events').select('seq').where('state', 'in', states);
  const { length } = await events.execute();
  await database.close();
  return length;
}

describe('stopping', () => {
  it('ends with 0 also while it waits for a database that says nothing', async () => {
    const port = await findFreePort();
    const silent = createServer().listen(port);
    const url = `postgres://shop@localhost:${port}/shop`;
    const app = startProcess({ ...(await environment()), SANDBOX: '1', DATABASE_URL: url });
    await once(silent, 'connection');
    expect(await app.end('SIGTERM')).toBe(0);
    silent.close();
  });

  it('finishes the work that runs and takes nothing new meanwhile', async () => {
    const shop = await startProcessShop();
    try {
      await shop.install('acme');
      const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
      await waitUntil('the bot said hello', () => shop.zendesk.messages(conversationId).length > 0);
      // Our own messages come back as events: what is worked on next has to be the customer's.
      await shop.zendesk.settled();
      const count = (...states: EventState[]) => countEvents(shop.dataDir, states);
      const isIdle = async () => (await count('waiting', 'working')) === 0;
      await waitUntil('nothing is left to do', isIdle);
      shop.zendesk.armFault({ kind: 'hang', operation: 'PostMessage' });
      shop.zendesk.sendCustomerMessage({ conversationId, text: 'are you still there?' });
      const isBusy = async () => (await count('working')) === 1;
      await waitUntil('the answer is being worked on', isBusy);
      const ended = shop.app().end('SIGTERM');
      await waitUntil(
        'the app is unready',
        async () => (await fetch(`${shop.url}/readyz`)).status === 503,
      );
      const event = shop.zendesk.buildMessageEvent({ conversationId, text: 'and this one?' });
      const deliver = () =>
        shop.zendesk.deliver({ account: 'acme', clientId: shop.clientId, events: [event] });
      expect(await deliver()).toBe(503);
      expect(await ended).toBe(0);
      await shop.restart();
      expect(await deliver()).toBe(200);
      const answered = (words: string) =>
        shop.zendesk.messages(conversationId).filter(({ author, content }) => {
          return (
            author.type === 'business' && 'text' in content && String(content.text).includes(words)
          );
        }).length;
      await waitUntil(
        'both are answered',
        () => answered('still there') === 1 && answered('and this one') === 1,
      );
    } finally {
      await shop.close();
    }
  });
});

describe('stopping in production', () => {
  it('is unready first, while everything is still served, and ends with 0 in time', async () => {
    const app = startProcess({
      ...(await environment()),
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://bot.example.com',
      SESSION_SECRETS: 'a-session-secret-of-the-stopping-test',
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 3).toString('base64')}`,
      SANDBOX: '0',
      OAUTH_CLIENT_ID: 'id',
      OAUTH_CLIENT_SECRET: 'secret',
    });
    await app.ready();
    await waitUntil('a missing header is named by its variable', () =>
      app.output().includes('ZENDESK_MARKETPLACE_BOT_ID has no value yet'),
    );
    const statusOf = async (path: string, method = 'GET') =>
      (await fetch(`${app.url}${path}`, { method })).status;
    const started = performance.now();
    const ended = app.end('SIGTERM');
    await waitUntil('the app is unready', async () => (await statusOf('/readyz')) === 503);

    expect(await statusOf('/')).toBe(200);
    expect(await statusOf('/healthz')).toBe(200);
    expect(await statusOf('/webhooks/nobody', 'POST'), 'deliveries are still looked at').toBe(404);
    expect(await ended).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
    await expect(statusOf('/healthz')).rejects.toThrow('fetch failed');
  });
});
