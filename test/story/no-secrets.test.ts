import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser.ts';
import { engines } from '../support/engines.ts';
import { readWholeDatabase } from '../support/read-whole-database.ts';
import {
  CLIENT_SECRET,
  repliesIn,
  SESSION_SECRET,
  startShop,
  type Shop,
} from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

const METRICS_TOKEN = 'a-token-for-whoever-scrapes';

describe.each(engines)('secrets on %s', (engine) => {
  it('are in no log line, no page, no metric and (in clear) nowhere in the database', async () => {
    const shop = await startShop({ engine, variables: () => ({ METRICS_TOKEN }) });
    try {
      const secrets = new Set([CLIENT_SECRET, METRICS_TOKEN, SESSION_SECRET]);
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
      const authorization = `Bearer ${METRICS_TOKEN}`;
      const metrics = await fetch(`${shop.url}/metrics`, { headers: { authorization } });
      await fetch(`${shop.url}/metrics?token=${METRICS_TOKEN}`);
      const [owned] = await shop.stores.installations.list();
      const statusUrl = `${shop.url}/installations/${owned?.id}`;
      const status = await browser.open(statusUrl);
      pages.push(status.text, (await browser.submit(status, '/webhook')).text);
      pages.push((await browser.open(`${statusUrl}/timeline`)).text);

      expect(secrets.size).toBeGreaterThan(8);
      expect(shop.printed.length).toBeGreaterThan(10);
      const stored = await readDatabase(shop);
      expect(stored.includes('Acme Outdoor'), 'the database was read').toBe(true);
      for (const step of ['code-returned', 'GetToken', 'CreateWebhook', 'EventWebhooks']) {
        expect(stored.includes(step), `${step} was traced`).toBe(true);
      }
      const shown = await metrics.text();
      expect(shown, 'the metrics were read').toContain('operation="PostMessage"');
      const places = {
        log: shop.printed.join(''),
        pages: pages.join(''),
        metrics: shown,
        database: stored,
      };
      for (const secret of secrets) {
        for (const [place, text] of Object.entries(places)) {
          expect(text.includes(secret), `${place} holds ${secret}`).toBe(false);
        }
      }
    } finally {
      await shop.close();
    }
  });
});

describe.each(engines)('what was deleted, on %s,', (engine) => {
  it('is in no row and no byte of the files any more: a customer’s words, then the account’s', async () => {
    const shop = await startShop({ engine });
    try {
      const { id } = await shop.install();
      const [jane, john] = [1, 2].map(() => shop.zendesk.createConversation({ account: 'acme' }));
      if (!jane || !john) throw new Error('There are two customers');
      const words = { jane: 'the words of jane', john: 'the words of john' };
      for (const [name, { conversationId }] of Object.entries({ jane, john })) {
        shop.zendesk.sendCustomerMessage({ conversationId, text: `the words of ${name}` });
        await waitUntil('the bot answered', () => repliesIn(shop, conversationId).length > 1);
      }
      await shop.zendesk.settled();

      shop.zendesk.removeUser(jane.userId);
      const isForgotten = async () =>
        (await shop.stores.conversations.find(id, jane.conversationId)) === undefined &&
        (await shop.stores.activityLog.latest(id, 1))[0]?.kind === 'privacy';
      await waitUntil('Jane is forgotten', isForgotten);
      await waitUntil('her words are gone', async () => {
        const stored = await readDatabase(shop);
        return [words.jane, jane.userId, jane.conversationId].every(
          (text) => !stored.includes(text),
        );
      });
      expect(await readDatabase(shop)).toContain(words.john);

      await shop.stores.installations.remove(id, { kind: 'removed', text: 'Gone.' });
      const left = await readDatabase(shop);
      for (const text of [words.john, john.userId, 'Acme Outdoor'])
        expect(left.includes(text), text).toBe(false);
    } finally {
      await shop.close();
    }
  });
});

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
async function readDatabase({ database, dataDir }: Shop): Promise<string> {
  if (database.engine === 'postgres') return JSON.stringify(await readWholeDatabase(database));
  const files = await readdir(dataDir);
  const contents = await Promise.all(files.map((file) => readFile(join(dataDir, file), 'latin1')));
  return contents.join('');
}
