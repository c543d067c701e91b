import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createStores } from '../../../server/store/create-stores.ts';
import {
  openAccount,
  SERVER_APP,
  ZOOM_APP,
  type Account,
} from '../connections/support/open-account.ts';
import { createBrowser } from '../../support/browser.ts';
import { engines } from '../../support/engines.ts';
import { insertEvent } from '../../support/insert-event.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createInsertEvents } from '../../../server/inbox/insert-events.ts';

const Rows = z.array(z.looseObject({}));
const Export = z.strictObject({
  exportedAt: z.number(),
  installation: z.looseObject({ id: z.string(), display_name: z.string() }),
  webhook: z.object({ id: z.string(), target: z.string() }),
  oauthClients: z.array(z.looseObject({ client_id: z.string() })),
  connections: z.array(z.looseObject({ name: z.string(), history: Rows })),
  conversations: z.array(z.looseObject({ conversation_id: z.string() })),
  merges: z.array(z.looseObject({ discarded_id: z.string() })),
  activity: z.array(z.looseObject({ text: z.string() })),
  traces: z.array(z.looseObject({ kind: z.string(), steps: Rows })),
  events: z.array(z.looseObject({ event_id: z.string(), payload: z.unknown() })),
});

describe.each(engines)('the export of an installation on %s', (engine) => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount({ engine });
  });
  afterEach(() => account.close());

  const open = () => account.browser.get(`${account.statusUrl}/export`);

  async function talk(): Promise<string> {
    const { zendesk, database } = account.shop;
    const { conversationId } = zendesk.createConversation({ account: 'acme' });
    zendesk.sendCustomerMessage({ conversationId, text: 'a “private” matter \u2028 🎉' });
    await waitUntil('both events were handled', async () => {
      const done = database.kysely.selectFrom('events').selectAll().where('state', '=', 'done');
      return (await done.execute()).length >= 2;
    });
    return conversationId;
  }

  it('is a JSON file with everything that is stored', async () => {
    await account.connect();
    await account.connectServer();
    const conversationId = await talk();

    const { status, headers, text } = await open();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="?shopkeeper-acme-\d{4}-\d\d-\d\d\.json"?$/,
    );
    const data = Export.parse(JSON.parse(text));
    expect(data.installation).toMatchObject({ id: account.id, display_name: 'Acme Outdoor' });
    expect(data.webhook.target).toBe(`${account.shop.url}/webhooks/${account.id}`);
    expect(data.oauthClients.map((client) => client.client_id)).toEqual([ZOOM_APP.clientId]);
    expect(data.connections.map(({ name }) => name)).toEqual(['Sales', 'Server']);
    expect(data.connections[0]?.history).not.toEqual([]);
    expect(data.conversations.map((one) => one.conversation_id)).toEqual([conversationId]);
    expect(data.activity.map((line) => line.text)).toContain('Message answered: 1 reply');
    expect(data.traces.map(({ kind }) => kind)).toEqual(['event', 'event', 'install']);
    expect(JSON.stringify(data.events)).toContain('a “private” matter \u2028 🎉');
  });

  it('holds no secret that is stored, and none that a payload was sent with', async () => {
    await account.connect();
    await account.connectServer();
    await talk();
    const payload = JSON.stringify({ client: { pushNotificationToken: 'token-of-a-device' } });
    await insertEvent(account.shop.database, { installation_id: account.id, payload });

    const { text } = await open();
    const secrets = await readSecrets();
    expect(secrets.length).toBeGreaterThan(5);
    secrets.push('token-of-a-device', ZOOM_APP.clientSecret, SERVER_APP.clientSecret);
    secrets.push(...[...account.browser.cookies.values()].map(({ value }) => value));
    for (const secret of secrets) expect(text.includes(secret), secret).toBe(false);
    const owners = account.shop.database.kysely.selectFrom('installation_owners').selectAll();
    for (const { owner_id: owner } of await owners.execute()) expect(text).not.toContain(owner);
  });

  it('stays whole when there is more than is read at once', async () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => ({
      installation_id: account.id,
      event_id: `event-${index}`,
      type: 'conversation:message',
      conversation_key: `${account.id}/conversation-${index}`,
      payload: index % 2 === 0 ? JSON.stringify({ number: index }) : null,
      state: 'done' as const,
      note: 'a "note"',
      attempts_allowed: 8,
      run_at: 0,
      received_at: 0,
      settled_at: 0,
    }));
    await createInsertEvents(account.shop.database)(rows);

    const data = Export.parse(JSON.parse((await open()).text));

    const ids = new Set(data.events.map((event) => event.event_id));
    for (const { event_id: id } of rows) expect(ids).toContain(id);
    expect(ids.size).toBe(data.events.length);
    const last = data.events.find((event) => event.event_id === 'event-998');
    expect(last).toMatchObject({ payload: { number: 998 }, note: 'a "note"' });
    expect(last).not.toHaveProperty('lease_owner');
  });

  it('is nothing for other browsers, and has nothing of other installations', async () => {
    const neighbour = await account.shop.install('bloom');
    await insertEvent(account.shop.database, { installation_id: account.id, event_id: 'ours' });

    expect((await createBrowser().get(`${account.statusUrl}/export`)).status).toBe(404);
    expect((await neighbour.browser.get(`${account.statusUrl}/export`)).status).toBe(404);
    const theirs = await neighbour.browser.get(`${neighbour.statusUrl}/export`);
    expect(theirs.text).not.toContain('ours');
    expect(theirs.text).not.toContain(account.id);
  });

  /** Every secret in the database, decrypted. */
  async function readSecrets(): Promise<string[]> {
    const { database } = account.shop;
    const keys = [{ id: 'test', key: Buffer.alloc(32, 7) }];
    const { secrets } = createStores({ database, keys, now: Date.now });
    const rows = await database.kysely.selectFrom('secrets').select('owner').distinct().execute();
    const values = await Promise.all(rows.map(({ owner }) => secrets.getAll(owner)));
    return values.flatMap((fields) => Object.values(fields));
  }
});
