import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createStores } from '../../../server/store/create-stores.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { engines } from '../../support/store/engines.ts';
import { CLIENT_SECRET, startShop, type Shop } from '../../support/start-shop.ts';
import { insertEvent, newEventRow } from '../../support/store/insert-event.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createInsertEvents } from '../../../server/inbox/receive/insert-events.ts';

const Export = z.looseObject({
  exportedAt: z.number(),
  installation: z.looseObject({ id: z.string(), display_name: z.string() }),
  webhook: z.object({ id: z.string(), target: z.string() }),
  conversations: z.array(z.looseObject({ conversation_id: z.string() })),
  merges: z.array(z.looseObject({ discarded_id: z.string() })),
  activity: z.array(z.looseObject({ text: z.string() })),
  events: z.array(z.looseObject({ event_id: z.string(), payload: z.unknown() })),
});

describe.each(engines)('the export of an installation on %s', (engine) => {
  let shop: Shop;
  let account: Awaited<ReturnType<Shop['install']>>;
  beforeEach(async () => {
    shop = await startShop({ engine });
    account = await shop.install();
  });
  afterEach(() => shop.close());

  const open = () => account.browser.get(`${account.statusUrl}/export`);

  async function talk(): Promise<string> {
    const { zendesk, database } = shop;
    const { conversationId } = zendesk.createConversation({ account: 'acme' });
    zendesk.sendCustomerMessage({ conversationId, text: 'a “private” matter \u2028 🎉' });
    await waitUntil('both events were handled', async () => {
      const done = database.kysely.selectFrom('events').selectAll().where('state', '=', 'done');
      return (await done.execute()).length >= 2;
    });
    return conversationId;
  }

  it('is a JSON file with everything that is stored', async () => {
    const conversationId = await talk();

    const { status, headers, text } = await open();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="?shopkeeper-acme-\d{4}-\d\d-\d\d\.json"?$/,
    );
    const data = Export.parse(JSON.parse(text));
    expect(data.installation).toMatchObject({ id: account.id, display_name: 'Acme Outdoor' });
    expect(data.webhook.target).toBe(`${shop.url}/webhooks/${account.id}`);
    expect(data.conversations.map((one) => one.conversation_id)).toEqual([conversationId]);
    expect(data.activity.map((line) => line.text)).toContain('Message answered: 1 reply');
    expect(JSON.stringify(data.events)).toContain('a “private” matter \u2028 🎉');
  });

  it('holds no secret that is stored, and none that a payload was sent with', async () => {
    await talk();
    const payload = JSON.stringify({ client: { pushNotificationToken: 'token-of-a-device' } });
    await insertEvent(shop.database, { installation_id: account.id, payload });

    const { text } = await open();
    const secrets = await readSecrets();
    expect(secrets.length).toBeGreaterThanOrEqual(2);
    secrets.push('token-of-a-device', CLIENT_SECRET);
    secrets.push(...[...account.browser.cookies.values()].map(({ value }) => value));
    for (const secret of secrets) expect(text.includes(secret), secret).toBe(false);
    const owners = shop.database.kysely.selectFrom('installation_owners').selectAll();
    for (const { owner_id: owner } of await owners.execute()) expect(text).not.toContain(owner);
  });

  it('stays whole when there is more than is read at once', async () => {
    const rows = Array.from({ length: 1_000 }, (_, index) =>
      newEventRow({
        installation_id: account.id,
        event_id: `event-${index}`,
        conversation_key: `${account.id}/conversation-${index}`,
        payload: index % 2 === 0 ? JSON.stringify({ number: index }) : null,
        state: (['waiting', 'failed'] as const)[index] ?? ('done' as const),
        note: 'a "note"',
        run_at: Date.now() + 3_600_000,
        settled_at: 0,
      }),
    );
    await createInsertEvents(shop.database)(rows);

    const data = Export.parse(JSON.parse((await open()).text));

    const ids = new Set(data.events.map((event) => event.event_id));
    for (const { event_id: id } of rows) expect(ids).toContain(id);
    expect(ids.size).toBe(data.events.length);
    const last = data.events.find((event) => event.event_id === 'event-998');
    expect(last).toMatchObject({ payload: { number: 998 }, note: 'a "note"' });
    expect(last).not.toHaveProperty('lease_owner');
  });

  it('is nothing for other browsers, and has nothing of other installations', async () => {
    const neighbour = await shop.install('bloom');
    await insertEvent(shop.database, { installation_id: account.id, event_id: 'ours' });

    expect((await createBrowser().get(`${account.statusUrl}/export`)).status).toBe(404);
    expect((await neighbour.browser.get(`${account.statusUrl}/export`)).status).toBe(404);
    const theirs = await neighbour.browser.get(`${neighbour.statusUrl}/export`);
    expect(theirs.text).not.toContain('ours');
    expect(theirs.text).not.toContain(account.id);
  });

  /** Every secret in the database, decrypted. */
  async function readSecrets(): Promise<string[]> {
    const { database } = shop;
    const keys = [{ id: 'test', key: Buffer.alloc(32, 7) }];
    const { secrets } = createStores({ database, keys, now: Date.now });
    const rows = await database.kysely.selectFrom('secrets').select('owner').distinct().execute();
    const values = await Promise.all(rows.map(({ owner }) => secrets.getAll(owner)));
    return values.flatMap((fields) => Object.values(fields));
  }
});
