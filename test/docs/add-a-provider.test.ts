import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import { startProcessShop } from '../support/process/start-process-shop.ts';
import { waitUntil } from '../support/wait-until.ts';
import { findExamples } from './support/find-examples.ts';
import { readPage, root } from './support/read-pages.ts';
import { serveCalendar } from './support/serve-calendar.ts';

const CLIENT = { clientId: 'calendar_app-1', clientSecret: 'calendar-secret' };
const COPIED = ['dist', 'package.json'];
const LINKED = ['node_modules', 'views', 'public', 'ui', 'sandbox'];
/** As it was compiled, before it was put together with the providers that there were. */
const MAIN = `import { runApp } from './start/run-app.js';
import { startApp } from './start/start-app.js';
await runApp(() => startApp(process.env));
`;

let calendar: Awaited<ReturnType<typeof serveCalendar>>;
let shop: Awaited<ReturnType<typeof startProcessShop>>;
const copy = mkdtempSync(join(tmpdir(), 'shopkeeper-provider-'));

/** The compiled project with the files of the page, and nothing else changed; only the service is somewhere else. */
beforeAll(async () => {
  calendar = await serveCalendar(CLIENT);
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  for (const name of LINKED) symlinkSync(join(root, name), join(copy, name));
  const files = findExamples(readPage('docs/add-a-provider.md'));
  for (const { path, code } of files.filter((file) => file.path.startsWith('server/')))
    writeFileSync(
      join(copy, 'dist', path.replace(/ts$/, 'js')),
      compile(code.replaceAll(/https:\/\/(api\.)?calendar\.example/g, calendar.url)),
    );
  const program = join(copy, 'dist/server/main.js');
  writeFileSync(program, MAIN);
  shop = await startProcessShop({}, program);
});

afterAll(async () => {
  await shop.close();
  calendar.close();
  rmSync(copy, { recursive: true });
});

it('docs/add-a-provider.md adds a provider with one file', async () => {
  const browser = createBrowser();
  const account = await browser.open(await browser.allow(shop.url, 'acme'));
  expect(account.text).toContain('The bot answers “when” with the next free hour.');

  const list = `${account.url}/connections`;
  const form = await browser.open(`${list}/new?provider=calendar`);
  expect(form.text).toContain(`${shop.url}/connections/callback/calendar`);
  const fields = { provider: 'calendar', authType: 'oauth2', name: 'Hours', oauthClientId: '' };
  const sent = await browser.fillIn(form, '/connections', { ...fields, ...CLIENT });
  const connected = await browser.follow(sent);
  expect(calendar.asked).toEqual(['profile free-busy']);
  expect(connected.text).toContain('jane@calendar.example');

  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'when' });
  await waitUntil('the bot answered', () =>
    shop.zendesk
      .messages(conversationId)
      .find(({ content }) => content.type === 'text' && content.text === 'We are free at 10:00.'),
  );

  await browser.submit(await browser.open(connected.url), '/delete');
  expect(calendar.revoked).toEqual(['calendar-access']);
});

/** Its types were checked with the other examples. */
function compile(code: string): string {
  return transformSync(code, { loader: 'ts' }).code.replaceAll(/(from "\..+)\.ts"/g, '$1.js"');
}
