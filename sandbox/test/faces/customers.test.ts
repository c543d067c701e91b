import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, type Browser } from '../../../test/support/browser/browser.ts';
import { MESSENGER, startChat } from '../support/start-chat.ts';
import { startWorld, type World } from '../support/start-world.ts';

const PAGE = '/accounts/acme/admin/customers';

describe('Admin Center › Customers', () => {
  let world: World;
  let admin: Browser;
  let customer: Browser;
  let conversationId: string;
  let userId: string;

  beforeEach(async () => {
    world = await startWorld();
    world.installListening();
    admin = createBrowser(world.url);
    ({ customer, conversationId } = await startChat(world));
    userId = /customers\/(\w+)\/delete/.exec((await admin.get(PAGE)).text)?.[1] ?? '';
  });

  afterEach(() => world.close());

  it('shows who they are, where they write from and what was said last', async () => {
    await customer.send(`${MESSENGER}/messages`, { text: 'Do you sell <tents>?' });
    const { text: html } = await admin.get(PAGE);
    expect(html).toContain('Web Messenger');
    expect(html).toContain('Do you sell &lt;tents&gt;?');
    expect(html).toContain(`/accounts/acme/agent/conversations/${conversationId}`);
  });

  it('lists fifty at a time, the newest first', async () => {
    for (let n = 1; n <= 60; n += 1)
      world.control.createConversation({ account: 'acme', userExternalId: `customer ${n}.` });
    const namesIn = ({ text }: { text: string }) => [...text.matchAll(/<bdi>(customer \d+\.)</g)];
    const newest = await admin.get(PAGE);
    expect(namesIn(newest).map(([, name]) => name)).toEqual(
      Array.from({ length: 50 }, (_, n) => `customer ${60 - n}.`),
    );
    const [, next = ''] = /href="([^"]+)">Older</.exec(newest.text) ?? [];
    const older = await admin.get(next);
    expect(namesIn(older).map(([, name]) => name)).toEqual(
      Array.from({ length: 10 }, (_, n) => `customer ${10 - n}.`),
    );
    expect(older.text).toContain(conversationId);
    expect(older.text).not.toContain('>Older<');

    const [, first] = /<dt>User id<\/dt><dd[^>]*>(\w+)</.exec(newest.text) ?? [];
    await admin.send(`${PAGE}/${userId}/merge`, { surviving: ` ${first} ` });
    expect((await admin.send(`${PAGE}/${userId}/delete`)).status).toBe(404);
  });

  it('begins a conversation by a campaign, which the customer sees', async () => {
    await admin.send(`${PAGE}/${userId}/conversations`, {
      reason: 'proactiveMessaging',
      campaignId: 'summer',
    });
    expect((await world.events()).at(-1)).toMatchObject({
      type: 'conversation:create',
      payload: { creationReason: 'proactiveMessaging' },
    });
    const older = await customer.get(`${MESSENGER}/chats/${conversationId}`);
    expect(older.text).toContain('There is a newer chat.');
  });

  it('lets somebody come by a link, and be heard in another language', async () => {
    const page = await admin.get(PAGE);
    expect((await admin.submit(page, '/referral', { code: 'FALL' })).status).toBe(200);
    const changed = await admin.submit(page, '/locale', { locale: 'pt-BR' });
    expect(changed.text).toContain('<dd dir="auto">pt-BR</dd>');
  });

  it('deletes a conversation and a customer, who both are gone for everybody', async () => {
    const page = await admin.get(PAGE);
    await admin.submit(page, `/conversations/${conversationId}/delete`);
    expect((await customer.get(MESSENGER)).text).toContain('You are the customer here');
    await admin.submit(page, `/${userId}/delete`);
    expect((await admin.get(PAGE)).text).toContain('No customers yet');
    expect((await admin.send(`${PAGE}/${userId}/delete`)).status).toBe(404);
  });

  it.each([
    ['conversations', { reason: 'startConversation' }, 'Choose how it begins.'],
    ['conversations', {}, 'Choose how it begins.'],
    [
      'conversations',
      { reason: 'proactiveMessaging', campaignId: 'x'.repeat(129) },
      'A campaign’s id has 128 characters at most.',
    ],
    ['merge', {}, 'User not found'],
  ])('refuses %s with %o', async (path, fields, why) => {
    const page = await admin.send(`${PAGE}/${userId}/${path}`, fields);
    expect([400, 404]).toContain(page.status);
    expect(page.text).toContain(why);
  });

  it.each([
    ['referral', { code: ' ' }, 'Write the code of the link.'],
    ['locale', { locale: 'Portuguese (Brazil)' }, 'Write a language, as pt-BR.'],
  ])('refuses %s with %o', async (path, fields, why) => {
    const page = await admin.send(`${PAGE}/conversations/${conversationId}/${path}`, fields);
    expect(page.status).toBe(400);
    expect(page.text).toContain(why);
  });

  it('says what is missing where nothing was sent', async () => {
    const answer = await fetch(`${world.url}${PAGE}/${userId}/merge`, { method: 'POST' });
    expect([answer.status, await answer.text()]).toEqual([
      404,
      expect.stringContaining('User not found'),
    ]);
  });

  it('does nothing to customers of another account', async () => {
    const other = PAGE.replace('acme', 'bloom');
    for (const path of [
      `${userId}/conversations`,
      `${userId}/delete`,
      `${userId}/merge`,
      `conversations/${conversationId}/referral`,
      `conversations/${conversationId}/locale`,
      `conversations/${conversationId}/delete`,
    ]) {
      const fields = { reason: 'none', code: 'x', locale: 'de', surviving: userId };
      expect([path, (await admin.send(`${other}/${path}`, fields)).status]).toEqual([path, 404]);
    }
    expect((await admin.get(PAGE)).text).toContain(conversationId);
  });
});
