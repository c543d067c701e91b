import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createBrowser } from '../browser/browser.ts';
import { readWholeDatabase } from '../store/read-whole-database.ts';
import {
  CLIENT_SECRET,
  repliesIn,
  SESSION_SECRET,
  startShop,
  type Shop,
  type ShopOptions,
} from '../start-shop.ts';
import { waitUntil } from '../wait-until.ts';

/** A shop that was told every kind of secret, in what goes well and what fails; with the pages that came of it. */
export async function tellSecrets(options: ShopOptions) {
  const shop = await startShop(options);
  const secrets = new Set([CLIENT_SECRET, SESSION_SECRET]);
  const pages: string[] = [];
  const browser = createBrowser();

  const denied = await browser.allow(shop.url, 'acme', 'deny');
  shop.zendesk.armFault({ kind: 'oauthErrors' });
  shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500 });
  const failing = await browser.allow(shop.url, 'bloom');
  const callback = await browser.allow(shop.url, 'acme');
  for (const address of [denied, failing, callback]) {
    const { searchParams } = new URL(address);
    for (const name of ['code', 'state']) {
      const value = searchParams.get(name);
      if (value !== null) secrets.add(value);
    }
    pages.push((await createBrowser().open(address)).text, (await browser.open(address)).text);
  }
  pages.push((await browser.open(callback)).text);
  for (const { accessTokens, webhooks } of shop.zendesk.installations()) {
    for (const token of accessTokens) secrets.add(token);
    for (const { secret } of webhooks) secrets.add(secret);
  }
  for (const { value } of browser.cookies.values()) secrets.add(value);

  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  await waitUntil('the bot said hello', () => repliesIn(shop, conversationId).length > 0);
  shop.zendesk.armFault({ kind: 'dropAnswer', operation: 'PostMessage' });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'hello again' });
  await waitUntil('the bot answered', () => repliesIn(shop, conversationId).length > 1);
  await fetch(`${shop.url}/oauth?error=x&state=${[...secrets][1]}`);
  await fetch(`${shop.url}/webhooks/unknown`, {
    method: 'POST',
    headers: { 'x-api-key': 'guess' },
  });
  await refuseDeliveries(shop, secrets);
  const [owned] = await shop.stores.installations.list();
  const statusUrl = `${shop.url}/installations/${owned?.id}`;
  const status = await browser.open(statusUrl);
  pages.push(status.text, (await browser.submit(status, '/webhook')).text);
  expect(secrets.size).toBeGreaterThan(7);
  return { shop, browser, statusUrl, secrets, pages };
}

export function expectNone(
  secrets: Iterable<string>,
  places: Readonly<Record<string, string>>,
): void {
  for (const secret of secrets) {
    for (const [place, text] of Object.entries(places)) {
      expect(text.includes(secret), `${place} holds ${secret}`).toBe(false);
    }
  }
}

/** Deliveries that are not taken: what their senders know must not be written down either. */
async function refuseDeliveries(shop: Shop, secrets: Set<string>): Promise<void> {
  const [hook] = shop.zendesk.installations().flatMap(({ webhooks }) => webhooks);
  if (hook === undefined) throw new Error('There is no webhook');
  const guess = 'a-guessed-key-that-nobody-may-read';
  secrets.add(guess);
  const refused: [string, string, number][] = [
    [hook.secret, '{"events": [', 400],
    [guess, '{"events": []}', 401],
    [hook.secret, `"${'x'.repeat(2 ** 20)}"`, 413],
  ];
  for (const [key, body, status] of refused) {
    const answer = await fetch(hook.target, {
      method: 'POST',
      headers: { 'x-api-key': key },
      body,
    });
    expect(answer.status).toBe(status);
  }
}

/** Every byte of SQLite's files; every row of PostgreSQL's tables. */
export async function readDatabase({ database, dataDir }: Shop): Promise<string> {
  if (database.engine === 'postgres') return JSON.stringify(await readWholeDatabase(database));
  const files = await readdir(dataDir);
  const contents = await Promise.all(files.map((file) => readFile(join(dataDir, file), 'latin1')));
  return contents.join('');
}
