import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '@shopkeeper/zendesk-sandbox';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startApp, type App } from '../../../server/start/start-app.ts';
import { createBrowser, type Browser } from '../../support/browser/browser.ts';
import { findFreePort } from '../../support/process/start-process.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startPlay } from './support/start-play.ts';

describe('“Crash the app”', { timeout: 60_000 }, () => {
  let folder: string;
  let sandbox: Sandbox;
  let app: App;
  let browser: Browser;
  let conversationId: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shopkeeper-crash-'));
    sandbox = await startSandbox({ port: 0, timeScale: 0.001 });
    const PORT = String(await findFreePort());
    const environment = { PORT, DATA_DIR: folder, LOG_LEVEL: 'silent', SANDBOX_URL: sandbox.url };
    app = await startApp(environment, [], { sandbox });
    await app.begin();
    browser = createBrowser();
    await browser.open(`${app.publicUrl}/play/start`);
    ({ conversationId } = sandbox.control.createConversation({ account: 'acme' }));
  });
  afterAll(async () => {
    await app.stop();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (search = '') => browser.open(`${app.publicUrl}/play${search}`);
  const say = (text: string) => sandbox.control.sendCustomerMessage({ conversationId, text });
  const answersTo = (text: string) =>
    sandbox.control
      .messages(conversationId)
      .filter(
        ({ author, content }) => author.type === 'business' && textOf(content).includes(text),
      );
  const textOf = (content: { type: string }) => ('text' in content ? String(content.text) : '');

  it('kills it after the reply, and another one on the same port does not send it again', async () => {
    const armed = await browser.submit(await open(), '/play/break', { break: 'crash' });
    expect(armed.text).toMatch(/value="crash"\s+aria-pressed="true"/);
    const errors = vi.spyOn(app.log, 'error');
    say('Still there?');
    await waitUntil('the other one has finished it', async () => {
      const page = await open('?station=called').catch(() => undefined);
      return page?.text.includes('there already: not sent again');
    });
    expect(answersTo('Still there?')).toHaveLength(1);
    // As after `kill -9`: who is dead says nothing.
    expect(errors).not.toHaveBeenCalled();
    const called = await open('?station=called');
    expect(called.text).toContain('Here the app was killed');
    expect(called.text).toContain('needed 2 attempts. The customer got exactly one answer.');
    expect((await open('?station=taken')).text).toContain('Attempt 1: cut off');
    expect(called.text).not.toMatch(/value="crash"\s+aria-pressed="true"/);
  });

  it('leaves an app that answers, that this browser still owns, and that stops as always', async () => {
    say('And now?');
    await waitUntil('it answers', () => answersTo('And now?').length === 1);
    expect((await fetch(`${app.publicUrl}/readyz`)).status).toBe(200);
    expect((await open()).text).toContain('And now?');
  });
});

it('is not offered where it would concern others', async () => {
  const shop = await startPlay();
  const browser = createBrowser();
  const page = await browser.open(`${shop.url}/play/start`);
  expect(page.text).not.toContain('value="crash"');
  expect((await browser.fillIn(page, '/play/break', { break: 'crash' })).status).toBe(404);
  await shop.close();
});
