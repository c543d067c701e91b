import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';
import { repliesIn } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { openAccount, ZOOM_APP, type Account } from './support/open-account.ts';

const HOUR_MS = 60 * 60_000;
let account: Account;
let late = 0;
beforeEach(async () => {
  late = 0;
  account = await openAccount({
    now: () => Date.now() + late,
    bot: {
      async onMessage({ message: { text }, connections, reply }) {
        await connections.zoom.createMeeting({ topic: `About ${text}` });
        await reply(`We will talk.`);
      },
    },
  });
  await account.connect();
});
afterEach(() => account.close());

const readLog = async () => {
  const rows = await account.shop.database.kysely
    .selectFrom('traces')
    .selectAll()
    .where('installation_id', '=', account.id)
    .execute();
  return rows.filter(({ title }) => title === 'Calls of the connection “Sales”');
};

describe('the debug log of a connection', () => {
  it('has its calls in the timeline for an hour, with every secret hidden', async () => {
    await account.press('Sales', '/test');
    expect(await readLog()).toEqual([]);
    const page = await account.browser.follow(await account.press('Sales', '/debug'));
    expect(page.text).toContain('Its calls are in the account’s timeline until');
    account.zoom.expireAccessTokens();
    await account.press('Sales', '/test');
    const [trace] = await readLog();
    const steps: { key: string }[] = JSON.parse(trace?.steps ?? '[]');
    expect(steps.map(({ key }) => key)).toEqual(['GetUser', 'Token', 'GetUser']);
    const { id } = await account.findConnection('Sales');
    const secrets = await account.shop.stores.secrets.getAll(`connection:${id}`);
    const basic = Buffer.from(`${ZOOM_APP.clientId}:${ZOOM_APP.clientSecret}`).toString('base64');
    for (const secret of [...Object.values(secrets), ZOOM_APP.clientSecret, basic])
      expect(trace?.steps).not.toContain(secret);
    const timeline = await account.browser.open(`${account.statusUrl}/timeline`);
    expect(timeline.text).toContain('Calls of the connection “Sales”');

    late = HOUR_MS + 1_000;
    await account.press('Sales', '/test');
    expect(await readLog()).toHaveLength(1);
  });

  it('keeps nothing of a customer who was deleted', async () => {
    await account.press('Sales', '/debug');
    const { zendesk } = account.shop;
    const [jane, john] = [1, 2].map(() => zendesk.createConversation({ account: 'acme' }));
    if (!jane || !john) throw new Error('There are two customers');
    for (const [name, { conversationId }] of Object.entries({ jane, john })) {
      zendesk.sendCustomerMessage({ conversationId, text: `the illness of ${name}` });
      await waitUntil('the answer', () => repliesIn(account.shop, conversationId).length > 0);
    }
    await waitUntil('both are logged', async () => (await readLog()).length === 2);

    zendesk.removeUser(jane.userId);
    await waitUntil('what she said is gone', async () => (await readLog()).length < 2);
    const [left] = await readLog();
    expect(left?.steps).toContain('About the illness of john');
    const page = await account.browser.open(`${account.statusUrl}/timeline`);
    expect(page.text).toContain('Calls of the connection “Sales”');
  });

  it('keeps nothing of a Zoom user who removed the app', async () => {
    await account.press('Sales', '/debug');
    await account.press('Sales', '/test');
    const { id, email } = account.firstUser;
    expect((await readLog())[0]?.steps).toContain(email);
    account.zoom.deauthorize(id);
    await account.zoom.settled();
    const stored = JSON.stringify(await readWholeDatabase(account.shop.database));
    expect(stored).toContain('Sales');
    expect(stored).not.toContain(id);
    expect(stored).not.toContain(email);
  });

  it('ends at a press of the button, and is in the history', async () => {
    await account.press('Sales', '/debug');
    await account.press('Sales', '/debug');
    await account.press('Sales', '/test');
    expect(await readLog()).toEqual([]);
    const { id } = await account.findConnection('Sales');
    const lines = await account.shop.stores.connectionHistory.list(id, 2);
    expect(lines.map(({ text }) => text)).toEqual([
      'Stopped logging its calls.',
      'Began to log its calls, for an hour.',
    ]);
  });
});

describe('how many calls of a connection run at once', () => {
  it.each(['0', '51', 'many', '-1', '1.5'])('is not %s', async (concurrency) => {
    const { id, oauth_client_id: oauthClientId } = await account.findConnection('Sales');
    const fields = { name: 'Sales', oauthClientId: oauthClientId ?? '', concurrency };
    const page = await account.press('Sales', `/connections/${id}`, fields);
    expect(page.status).toBe(422);
    expect(page.text).toContain('Enter a number from 1 to 50.');
  });

  it('is its owner’s to say, and in the history', async () => {
    const { id, oauth_client_id: oauthClientId } = await account.findConnection('Sales');
    const fields = { name: 'Sales', oauthClientId: oauthClientId ?? '', concurrency: '50' };
    expect((await account.press('Sales', `/connections/${id}`, fields)).status).toBe(303);
    expect(await account.findConnection('Sales')).toMatchObject({ concurrency: 50 });
    const [line] = await account.shop.stores.connectionHistory.list(id, 1);
    expect(line?.changes).toEqual([{ field: 'Calls at once', from: '5', to: '50' }]);
  });
});
