import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const readInstallation = () => chat.shop.stores.installations.find(chat.installationId);
const readEvents = (type: string) =>
  chat.shop.database.kysely.selectFrom('events').selectAll().where('type', '=', type).execute();

describe('handling an event', () => {
  it('tries again after a 401 when tokenInfo says that the token is good', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 401 });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(await readInstallation()).toMatchObject({ status: 'active' });
  });

  it('tries again after a 401 when tokenInfo does not answer', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 401 });
    chat.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500 });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(chat.replies()).toEqual(['Hi.']);
    expect(chat.shop.printed.join()).not.toContain('could not be recorded');
  });

  it('tries again after a bug in a handler', async () => {
    let count = 0;
    chat = await openChat({
      onMessage({ reply }) {
        if (++count === 1) throw new Error('A bug.');
        return reply('Hi.');
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
  });

  it('tries again after a handler did not understand what another service sent', async () => {
    let answer: unknown = 'A page that says “busy”.';
    chat = await openChat({
      async onMessage({ reply }) {
        const given = answer;
        answer = { status: 'shipped' };
        await reply(z.object({ status: z.string() }).parse(given).status);
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(chat.replies()).toEqual(['shipped']);
  });

  it('waits as long as Zendesk asks for in Retry-After', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 429, retryAfter: 3 });
    chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text: 'Hello?' });
    const event = await waitUntil('it waits for another attempt', async () => {
      const [first] = await readEvents('conversation:message');
      return first?.state === 'waiting' && first.attempts === 1 ? first : undefined;
    });
    expect(event.run_at - event.received_at).toBeGreaterThanOrEqual(3_000);
    expect(event.note).toMatch(/^PostMessage: status 429/);
  });

  it('fails an event that does not have the documented shape', async () => {
    chat = await openChat({});
    const event = chat.zendesk.buildMessageEvent({ conversationId: chat.conversationId, text: '' });
    const status = await chat.zendesk.deliver({
      account: 'acme',
      clientId: 'shopkeeper-test',
      events: [{ ...event, payload: { conversation: { id: chat.conversationId } } }],
    });
    expect(status).toBe(200);
    await waitUntil('it failed', async () => {
      const [first] = await readEvents('conversation:message');
      return first?.state === 'failed';
    });
    expect(await readEvents('conversation:message')).toMatchObject([
      { attempts: 1, note: 'The event does not have the documented shape.' },
    ]);
  });

  it('learns our integration id from the first event in which we are in control', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    await chat.say();
    const [installed] = chat.zendesk.installations();
    expect((await readInstallation())?.integration_id).toBe(installed?.integrationId);
  });

  it('remembers whose conversation it is and who is in control', async () => {
    chat = await openChat({ onMessage: ({ handOff }) => handOff({ reason: 'A person.' }) });
    await chat.say();
    const { conversations } = chat.shop.stores;
    expect(await conversations.find(chat.installationId, chat.conversationId)).toMatchObject({
      user_id: expect.any(String),
      handed_off_at: expect.any(Number),
    });
  });
});
