import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '@shopkeeper/zendesk-sandbox';
import { repliesIn, startShop, type Shop } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

let clock = 0;
let shop: Shop;
let installed: Awaited<ReturnType<Shop['install']>>;
beforeEach(async () => {
  clock = 0;
  shop = await startShop({
    now: () => Date.now() + clock,
    bot: {
      onGiveUp: async () => {},
      onMessage: async ({ message, reply }) => {
        if (message.type !== 'text') return;
        if (message.text === 'poison') throw new Error('The handler has a bug.');
        await reply(`first: ${message.text}`);
        await reply(`second: ${message.text}`);
      },
    },
  });
  installed = await shop.install();
});
afterEach(() => shop.close());

async function open(): Promise<string> {
  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  await waitUntil('the bot said hello', () => repliesIn(shop, conversationId).length === 1);
  return conversationId;
}
const say = (conversationId: string, text: string) =>
  shop.zendesk.sendCustomerMessage({ conversationId, text });
const findEvent = (state: 'failed' | 'waiting' | 'done') =>
  shop.database.kysely
    .selectFrom('events')
    .selectAll()
    .where('state', '=', state)
    .where('attempts', '>', 0)
    .where('note', 'not like', '%greeted%')
    .executeTakeFirst();

/** Moves the clock on until retries that are due have led to the wanted outcome. */
const retried = <Value>(what: string, condition: () => Value | Promise<Value>) =>
  waitUntil(what, () => {
    clock += 30_000;
    return condition();
  });

describe('a reply that fails on the way', () => {
  it.each<[string, FaultInput]>([
    ['429', { kind: 'answer', operation: 'PostMessage', status: 429 }],
    ['500', { kind: 'answer', operation: 'PostMessage', status: 500, times: 2 }],
    ['an HTML page', { kind: 'html', operation: 'PostMessage' }],
    ['a firewall’s page', { kind: 'html', operation: 'PostMessage', status: 403 }],
    ['a page that nothing is there', { kind: 'html', operation: 'PostMessage', status: 404 }],
    ['a network that wants a sign-in', { kind: 'html', operation: 'PostMessage', status: 200 }],
    ['a proxy’s JSON', { kind: 'proxyJson', operation: 'PostMessage', status: 401 }],
    ['a redirect', { kind: 'redirect', operation: 'PostMessage' }],
    ['no answer within ten seconds', { kind: 'hang', operation: 'PostMessage' }],
    ['being stored with the answer lost', { kind: 'dropAnswer', operation: 'PostMessage' }],
  ])('with %s is sent again, and each message arrives once', async (_name, fault) => {
    const id = await open();
    shop.zendesk.armFault(fault);
    say(id, 'hello you');
    await retried('both replies are there', () => repliesIn(shop, id).length >= 3);
    await waitUntil('the event is settled', async () => (await findEvent('done'))?.attempts);
    expect(repliesIn(shop, id).slice(1)).toEqual(['first: hello you', 'second: hello you']);
  });

  it('waits as long as Retry-After asks for', async () => {
    const id = await open();
    shop.zendesk.armFault({
      kind: 'answer',
      operation: 'PostMessage',
      status: 429,
      retryAfter: 600,
    });
    say(id, 'hello you');
    const event = await waitUntil('it waits', () => findEvent('waiting'));
    const pause = event.run_at - (Date.now() + clock);
    expect(pause).toBeGreaterThan(590_000);
    clock += 601_000;
    await waitUntil('both replies are there', () => repliesIn(shop, id).length === 3);
  });

  it.each([423, 403, 400])(
    'with %s is not sent again, and the event is shown as failed',
    async (status) => {
      const id = await open();
      shop.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status });
      say(id, 'hello you');
      const event = await waitUntil('it failed', () => findEvent('failed'));
      expect(event.attempts).toBe(1);
      const page = await installed.browser.get(installed.statusUrl);
      expect(page.text).toContain(`status ${status}`);
    },
  );

  it('leaves a second conversation alone', async () => {
    const [one, two] = [await open(), await open()];
    say(one, 'poison');
    say(one, 'after the poison');
    say(two, 'hello you');
    await waitUntil('the other is answered', () => repliesIn(shop, two).length === 3);
    expect(repliesIn(shop, one)).toHaveLength(1);
  });
});

describe('an event that fails every time', () => {
  it('is given up after eight attempts, and lets its conversation go on', async () => {
    const id = await open();
    say(id, 'poison');
    say(id, 'after the poison');
    const failed = await retried('it is given up', () => findEvent('failed'));
    expect(failed).toMatchObject({
      attempts: 8,
      note: expect.stringContaining('The handler has a bug'),
    });
    await waitUntil('the next message is answered', () => repliesIn(shop, id).length === 3);
    const overview = await installed.browser.get(installed.statusUrl);
    expect(overview.text).toContain('Given up after 8 attempts');
  });
});

describe('a token that Zendesk no longer accepts', () => {
  it('is tried again when Zendesk says the token is good after all', async () => {
    const id = await open();
    shop.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 401 });
    say(id, 'hello you');
    await retried('both replies are there', () => repliesIn(shop, id).length === 3);
    expect(await shop.stores.installations.find(installed.id)).toMatchObject({ status: 'active' });
  });
});

describe('a hand-off that fails', () => {
  it('is explained to the customer', async () => {
    await shop.close();
    shop = await startShop({
      bot: {
        onMessage: async ({ handOff }) => handOff({ reason: 'test', to: 'nobody-of-that-name' }),
      },
    });
    installed = await shop.install();
    const id = await open();
    say(id, 'agent please');
    await waitUntil('the customer is told', () =>
      repliesIn(shop, id).at(-1)?.includes('no colleague'),
    );
  });
});
