import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { readCsrf } from '../../support/browser/browser.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

describe('the test message', () => {
  it('goes as business to a user of our own, a second one into the same conversation', async () => {
    const { browser, page, id } = await shop.installAndOpen();
    for (const _time of [1, 2])
      expect((await browser.submit(page, '/test-message')).text).toContain('was sent');
    const callsOf = (operation: string) =>
      shop.zendesk.calls.filter((call) => call.operation === operation);
    const externalId = `shopkeeper-sample-${id}`;
    const users = callsOf('CreateUser');
    expect(users.map(({ status }) => status)).toEqual([201, 409]);
    expect(users[0]?.body).toEqual({ externalId });
    const conversations = callsOf('CreateConversation').map(({ body }) => body);
    const participants = [{ userExternalId: externalId }];
    expect(conversations).toEqual([{ type: 'personal', participants }]);
    const messages = callsOf('PostMessage').map(({ body }) => body);
    expect(messages).toHaveLength(2);
    expect(messages[0]).toMatchObject({ author: { type: 'business' } });
  });

  it.each([
    [503, 'Zendesk did not answer properly. Try again in a moment.'],
    [403, 'if it goes on, show this to whoever runs this app.'],
  ])('says what to do about itself, not about the webhook: %i', async (status, words) => {
    const { browser, page } = await shop.installAndOpen();
    shop.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status });
    const { text } = await browser.submit(page, '/test-message');
    expect(text).toContain(words);
    expect(text).not.toContain('Check the webhook again');
  });

  it('is not offered, and not sent, by an account that is not connected', async () => {
    const { browser, page, id, statusUrl } = await shop.installAndOpen();
    const csrf = readCsrf(page);
    await shop.stores.installations.setStatus(id, ['active'], 'revoked');
    expect((await browser.get(`${statusUrl}/manage`)).text).not.toContain('Send a test message');
    const refused = await browser.post(`${statusUrl}/test-message`, { _csrf: csrf });
    expect(refused.text).toContain('This account is not connected right now.');
    expect(shop.zendesk.calls.filter(({ operation }) => operation === 'CreateUser')).toEqual([]);
  });

  it('asks nobody to connect an account again whose token is being checked', async () => {
    const { browser, page, id, statusUrl } = await shop.installAndOpen();
    const csrf = readCsrf(page);
    await shop.stores.installations.setStatus(id, ['active'], 'checking');
    const refused = await browser.post(`${statusUrl}/test-message`, { _csrf: csrf });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('try again in a moment');
    expect(refused.text).not.toContain('Connect the account again');
  });
});
