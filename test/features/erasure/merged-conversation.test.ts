import { afterEach, beforeEach, expect, it } from 'vitest';
import { CLIENT_ID, repliesIn, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let clock = 0;
let shop: Shop;
beforeEach(async () => {
  clock = 0;
  shop = await startShop({
    now: () => Date.now() + clock,
    bot: { onMessage: ({ reply }) => reply('Here you are.') },
  });
  await shop.install();
});
afterEach(() => shop.close());

async function open(): Promise<{ conversationId: string; userId: string }> {
  const opened = shop.zendesk.createConversation({ account: 'acme' });
  const { conversationId } = opened;
  await waitUntil('it was greeted', () => repliesIn(shop, conversationId).length === 1);
  return opened;
}

/** As the platform tells that two customers turned out to be one. */
const tellMerge = async (
  surviving: Awaited<ReturnType<typeof open>>,
  discarded: Awaited<ReturnType<typeof open>>,
) =>
  shop.zendesk.deliver({
    account: 'acme',
    clientId: CLIENT_ID,
    events: [
      {
        id: 'merge-1',
        type: 'user:merge',
        createdAt: new Date().toISOString(),
        payload: {
          reason: 'sdkLogin',
          mergedUsers: { surviving: { id: surviving.userId }, discarded: { id: discarded.userId } },
          mergedConversations: {
            surviving: { id: surviving.conversationId },
            discarded: { id: discarded.conversationId },
          },
        },
      },
    ],
  });

const goneOnce = () =>
  shop.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 404 });
const later = <Value>(what: string, condition: () => Value | Promise<Value>) =>
  waitUntil(what, () => {
    clock += 500;
    return condition();
  });

it('what was asked in a conversation that was merged meanwhile is answered where it lives on', async () => {
  const [discarded, surviving] = [await open(), await open()];
  goneOnce();
  shop.zendesk.sendCustomerMessage({ conversationId: discarded.conversationId, text: 'help' });
  await waitUntil('the first attempt failed', async () => {
    const events = await shop.database.kysely.selectFrom('events').selectAll().execute();
    return events.some(({ state, note }) => state === 'waiting' && note?.includes('404'));
  });
  expect(await tellMerge(surviving, discarded)).toBe(200);
  await later('it was answered', () => repliesIn(shop, surviving.conversationId).length === 2);
  expect(repliesIn(shop, surviving.conversationId).at(-1)).toBe('Here you are.');
  expect(repliesIn(shop, discarded.conversationId)).toHaveLength(1);
});

it('what comes late from a merged conversation is answered where it lives on', async () => {
  const [discarded, surviving] = [await open(), await open()];
  await tellMerge(surviving, discarded);
  await waitUntil('the merge is known', async () =>
    (await shop.database.kysely.selectFrom('merges').selectAll().execute()).some(
      ({ kind }) => kind === 'conversation',
    ),
  );
  goneOnce();
  shop.zendesk.sendCustomerMessage({ conversationId: discarded.conversationId, text: 'help' });
  await later('it was answered', () => repliesIn(shop, surviving.conversationId).length === 2);
});

it('what was asked in a conversation that is simply gone fails soon', async () => {
  const { conversationId } = await open();
  shop.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 404, times: 9 });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'help' });
  const failed = await later('it failed', async () => {
    const events = await shop.database.kysely.selectFrom('events').selectAll().execute();
    return events.find(({ state }) => state === 'failed');
  });
  expect(failed.attempts).toBe(4);
});
