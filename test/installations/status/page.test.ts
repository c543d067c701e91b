import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../../server/features.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { repliesIn, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { rememberConversation } from '../../support/store/remember-conversation.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

describe('the overview', () => {
  it('says in words who has a conversation, also while it is being handed over', async () => {
    const { id, browser, statusUrl } = await shop.install();
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    await waitUntil('the greeting', () => repliesIn(shop, conversationId)[0]);
    const read = async (controller: string) => {
      const row = { installation_id: id, user_id: null, last_event_at: 1 };
      await rememberConversation(shop.database, {
        ...row,
        conversation_id: conversationId,
        controller,
      });
      return (await browser.get(`${statusUrl}?conversation=${conversationId}`)).text;
    };
    await shop.zendesk.settled();
    expect(await read('handed over')).toContain('Being handed over');
    const text = await read('zd:agentWorkspace');
    expect(text).toContain('With the Agent Workspace');
    expect(text).not.toContain('zd:agentWorkspace');
  });

  it('says that nothing is answered where no webhook is registered, also without that feature', async () => {
    await shop.close();
    shop = await startShop({ features: features.filter(({ name }) => name !== 'webhook') });
    shop.zendesk.armFault({ kind: 'answer', operation: 'CreateWebhook', status: 400 });
    const { page, browser, statusUrl } = await shop.installAndOpen();
    expect(page.text).toContain('Not answering.');
    expect(page.text).not.toContain('id="webhook"');
    expect((await browser.get(`${statusUrl}/manage`)).text).not.toContain('Check webhook again');
  });
});

describe('an install that did not finish', () => {
  it('is not called undone when the permission is kept, however often tokenInfo fails', async () => {
    const browser = createBrowser();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500, times: 2 });
    const first = await browser.get(await browser.allow(shop.url, 'acme'));
    const retry = /href="(\/installations\/[0-9a-f]{32})"/.exec(first.text)?.[1] ?? '';
    const second = await browser.get(`${shop.url}${retry}`);
    for (const { status, text } of [first, second]) {
      expect(status).toBe(502);
      expect(text).toContain('<h1>Almost installed</h1>');
      expect(text).toContain('Not finished');
      expect(text).toContain(`href="${retry}">Try again</a>`);
      // It would lead to the same page: what there is, is used first.
      expect(text).not.toContain('Start again</a>');
    }
    expect((await browser.get(`${shop.url}${retry}`)).status).toBe(303);
  });

  it('is called not installed when nothing was kept, with Start again as the only way', async () => {
    const browser = createBrowser();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetToken', status: 500 });
    const { text } = await browser.get(await browser.allow(shop.url, 'acme'));
    expect(text).toContain('<h1>Zendesk did not answer</h1>');
    expect(text).toContain('Not installed');
    expect(text).not.toContain('Try again');
  });
});
