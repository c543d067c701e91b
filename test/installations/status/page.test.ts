import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../support/browser.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

describe('the status page', () => {
  it('says in words who has a conversation, also while it is being handed over', async () => {
    const { id, browser, statusUrl } = await shop.install();
    const row = { installation_id: id, user_id: null, last_event_at: 1 };
    const add = (conversation_id: string, controller: string) =>
      shop.stores.conversations.upsert({ ...row, conversation_id, controller });
    await add('one', 'handed over');
    await add('two', 'zd:agentWorkspace');
    const { text } = await browser.get(statusUrl);
    expect(text).toContain('<td>Being handed over</td>');
    expect(text).toContain('<td>Agent Workspace</td>');
    expect(text).not.toContain('zd:agentWorkspace');
  });
});

describe('a button that failed', () => {
  it.each([
    [503, 'Zendesk did not answer properly. Try again in a moment.'],
    [403, 'if it goes on, show this to whoever runs this app.'],
  ])('says what to do about itself, not about the webhook: %i', async (status, words) => {
    const { browser, page } = await shop.install();
    shop.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status });
    const { text } = await browser.submit(page, '/test-message');
    expect(text).toContain(words);
    expect(text).not.toContain('Check the webhook again');
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
