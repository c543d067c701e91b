import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../support/clock.ts';
import { openChat } from '../../../support/open-chat.ts';
import { repliesIn, startShop, type Shop } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';

let shop: Shop;
afterEach(() => shop.close());

describe('the conversations of an account', () => {
  it('say who has control of the one that is looked at', async () => {
    shop = await startShop();
    const { browser, statusUrl } = await shop.install();
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    await waitUntil('it is greeted', () => repliesIn(shop, conversationId)[0]);
    await waitUntil('it is with the bot', async () =>
      (await browser.get(statusUrl)).text.includes('With the bot'),
    );
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'agent' });
    await waitUntil('it is with the agents, or on its way', async () =>
      /With the Agent Workspace|Being handed over/.test((await browser.get(statusUrl)).text),
    );
  });

  it('say so also after a message from before was replayed', async () => {
    const clock = createClock(Date.now());
    let isBroken = true;
    const chat = await openChat(
      {
        async onMessage({ reply }) {
          if (isBroken) throw new TypeError('A mistake.');
          await reply('Hello.');
        },
        onGiveUp: async () => {},
      },
      { now: clock.now },
    );
    const { zendesk, conversationId, installationId } = chat;
    ({ shop } = chat);
    const { browser, statusUrl } = await shop.install();
    zendesk.sendCustomerMessage({ conversationId, text: 'Hello?' });
    const findMessage = () =>
      shop.database.kysely
        .selectFrom('events')
        .selectAll()
        .where('type', '=', 'conversation:message')
        .where('attempts', '>', 0)
        .executeTakeFirstOrThrow();
    await waitUntil('it has failed', async () => {
      clock.advance(1_000);
      return (await findMessage().catch(() => undefined))?.state === 'failed';
    });
    zendesk.takeOver(conversationId);
    const find = () => shop.stores.conversations.find(installationId, conversationId);
    await waitUntil('agents have it', async () => (await find())?.controller?.startsWith('zd:'));
    const before = await find();

    isBroken = false;
    const { event_id: id } = await findMessage();
    await browser.submit(await browser.get(`${statusUrl}/events/${id}`), '/replay');
    await waitUntil('it was left alone', async () => (await findMessage()).state === 'ignored');
    expect(await find()).toEqual(before);
    expect((await browser.get(statusUrl)).text).toContain('With the Agent Workspace');
  });
});
