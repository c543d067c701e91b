import { afterEach, describe, it } from 'vitest';
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
});
