import { afterEach, beforeEach, expect, it } from 'vitest';
import { repliesIn, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { readCsrf } from '../../support/browser/browser.ts';

let shop: Shop;
let installed: Awaited<ReturnType<Shop['install']>>;
let conversationId: string;
beforeEach(async () => {
  shop = await startShop({
    bot: {
      onStart: async () => {},
      async onMessage({ reply }) {
        await reply('First.');
        await reply('Second.');
      },
    },
  });
  installed = await shop.install();
  ({ conversationId } = shop.zendesk.createConversation({ account: 'acme' }));
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'Hello?' });
});
afterEach(() => shop.close());

const findDone = (attempts: number) =>
  waitUntil(`it is done at attempt ${attempts}`, () =>
    shop.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('state', '=', 'done')
      .where('type', '=', 'conversation:message')
      .where('attempts', '=', attempts)
      .executeTakeFirst(),
  );

it('an event cannot be replayed while it is anything but failed', async () => {
  const { event_id: eventId } = await findDone(1);
  const page = await installed.browser.get(installed.statusUrl);
  const csrf = readCsrf(page);
  const url = `${installed.statusUrl}/events/${eventId}/replay`;
  expect((await installed.browser.post(url, { _csrf: csrf })).status).toBe(409);
  expect((await installed.browser.post(url, {})).status).toBe(403);
});

it('an event that had been answered is not answered twice when it is replayed', async () => {
  const { event_id: eventId } = await findDone(1);
  await shop.database.kysely
    .updateTable('events')
    .set({ state: 'failed' })
    .where('event_id', '=', eventId)
    .execute();
  const page = await installed.browser.get(`${installed.statusUrl}/events/${eventId}`);
  const replayed = await installed.browser.submit(page, '/replay');
  expect(replayed.text).toContain('The event runs again now.');
  expect(await findDone(2)).toMatchObject({ attempts_allowed: 9 });
  expect(repliesIn(shop, conversationId)).toEqual(['First.', 'Second.']);
});
