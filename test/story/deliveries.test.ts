import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_ID, repliesIn, startShop, type Shop } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
  await shop.install();
});
afterAll(() => shop.close());

const open = () => shop.zendesk.createConversation({ account: 'acme' }).conversationId;
const replies = (conversationId: string, count: number) =>
  waitUntil(`there are ${count} replies`, () => repliesIn(shop, conversationId).length >= count);
const countEvents = async (...states: string[]) => {
  const rows = await shop.database.kysely.selectFrom('events').select('state').execute();
  return rows.filter(({ state }) => states.includes(state)).length;
};
/** Everything Zendesk delivered is handled; what was not answered will not be. */
const quiet = async () => {
  await shop.zendesk.settled();
  await waitUntil(
    'the inbox is empty',
    async () => (await countEvents('waiting', 'working')) === 0,
  );
};

describe('deliveries', () => {
  const deliver = (events: ReturnType<typeof shop.zendesk.buildMessageEvent>[]) =>
    shop.zendesk.deliver({ account: 'acme', clientId: CLIENT_ID, events });

  it('are answered once when the same event comes three times', async () => {
    const id = open();
    await replies(id, 1);
    const event = shop.zendesk.buildMessageEvent({ conversationId: id, text: 'three times' });
    expect(
      await Promise.all([deliver([event]), deliver([event]), deliver([event, event])]),
    ).toEqual([200, 200, 200]);
    await replies(id, 2);
    await quiet();
    expect(repliesIn(shop, id)).toHaveLength(2);
  });

  it('of 20 events over 5 conversations are each answered once, in order', async () => {
    const ids = [1, 2, 3, 4, 5].map(open);
    await Promise.all(ids.map((id) => replies(id, 1)));
    const events = [1, 2, 3, 4].flatMap((n) =>
      ids.map((id) => shop.zendesk.buildMessageEvent({ conversationId: id, text: `word ${n}` })),
    );
    expect(await deliver(events)).toBe(200);
    await Promise.all(ids.map((id) => replies(id, 5)));
    await quiet();
    for (const id of ids) expect(answeredWords(id)).toEqual([1, 2, 3, 4]);
  });

  it('that overtake each other are answered in the order they were acknowledged', async () => {
    const id = open();
    await replies(id, 1);
    const [older, newer] = [1, 2].map((n) =>
      shop.zendesk.buildMessageEvent({ conversationId: id, text: `word ${n}` }),
    );
    if (older === undefined || newer === undefined) throw new Error('Two events were built.');
    await deliver([newer]);
    await deliver([older]);
    await replies(id, 3);
    expect(answeredWords(id)).toEqual([2, 1]);
  });

  it('of 500 events, 50 at a time, are each answered once and in order', async () => {
    const ids = Array.from({ length: 50 }, open);
    await Promise.all(ids.map((id) => replies(id, 1)));
    for (let n = 1; n <= 10; n++) {
      const statuses = await Promise.all(
        ids.map((id) =>
          deliver([shop.zendesk.buildMessageEvent({ conversationId: id, text: `word ${n}` })]),
        ),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    await Promise.all(ids.map((id) => replies(id, 11)));
    await quiet();
    for (const id of ids) expect(answeredWords(id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await countEvents('failed')).toBe(0);
  });

  function answeredWords(id: string): number[] {
    return repliesIn(shop, id).flatMap((text) =>
      [...text.matchAll(/word (\d+)/g)].map(([, n]) => Number(n)),
    );
  }
});
