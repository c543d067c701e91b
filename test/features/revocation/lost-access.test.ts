import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../../server/features.ts';
import { dropWords } from '../../../server/features/revocation/drop-words.ts';
import { engines } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { repliesIn, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let clock = 0;
let shop: Shop;
beforeEach(() => {
  clock = 0;
});
afterEach(() => shop.close());
const now = () => Date.now() + clock;

it('a call that is refused revokes once two looks agree, fails its event, and ends with a reinstall', async () => {
  shop = await startShop({
    now,
    bot: {
      onGiveUp: async () => {},
      onMessage: async ({ reply }) => {
        await reply('first');
        await reply('second');
      },
    },
  });
  const { id } = await shop.install();
  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  const countReplies = () => repliesIn(shop, conversationId).length;
  await waitUntil('the bot said hello', () => countReplies() === 1);
  for (const operation of ['PostMessage', 'GetTokenInfo'] as const)
    shop.zendesk.armFault({ kind: 'answer', operation, status: 401, times: 99 });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'hello you' });
  const failed = await waitUntil('it failed', async () => {
    clock += 1_000;
    const all = shop.database.kysely.selectFrom('events').selectAll();
    return await all.where('state', '=', 'failed').executeTakeFirst();
  });
  expect(failed.note).toContain('Zendesk no longer accepts our token');
  expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'revoked' });
  shop.zendesk.clearFaults();
  await shop.install();
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'hello again' });
  await waitUntil('both replies are there', () => countReplies() === 3);
});

it.each(engines)('nothing that customers wrote outlives our access, on %s', async (engine) => {
  shop = await startShop({ engine, now });
  const { id } = await shop.install();
  const written = { installation_id: id, payload: '{"text":"a private matter"}' };
  for (const state of ['waiting', 'done', 'ignored', 'failed'] as const)
    await insertEvent(shop.database, { ...written, state, run_at: now() + 1_000_000 });
  await shop.stores.installations.setStatus(id, ['active'], 'revoked');
  const { database } = shop;
  await dropWords({ database, eventTypes: {}, parts: [], now }, id);
  const kept = await database.kysely.selectFrom('events').selectAll().execute();
  expect(kept.filter(({ payload }) => payload !== null)).toEqual([]);
  expect(kept.filter(({ state }) => state === 'waiting')).toEqual([]);
});

describe('without the feature', () => {
  it('the remove URL is not there, and a call that is refused changes nothing', async () => {
    shop = await startShop({ now, features: features.filter(({ name }) => name !== 'revocation') });
    const { browser, page, id } = await shop.installAndOpen();
    const body = JSON.stringify({ appId: 'a', integrationId: 'b' });
    expect((await fetch(`${shop.url}/remove`, { method: 'POST', body })).status).toBe(404);
    for (const operation of ['ListUsers', 'CreateUser', 'GetTokenInfo'] as const)
      shop.zendesk.armFault({ kind: 'answer', operation, status: 401, times: 9 });
    await browser.submit(page, '/test-message');
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'active' });
    shop.zendesk.clearFaults();
  });
});
