import { afterEach, describe, expect, it } from 'vitest';
import { CHECK_TOKEN } from '../../../server/features/revocation/doubt.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

const at = { account: 'acme', clientId: CLIENT_ID };

let chat: Chat;
afterEach(() => chat.shop.close());

async function reportRemoved(): Promise<void> {
  const { app_id: appId } = (await chat.shop.stores.installations.find(chat.installationId)) ?? {};
  const body = JSON.stringify({ appId, integrationId: 'made-up' });
  expect((await fetch(`${chat.shop.url}/remove`, { method: 'POST', body })).status).toBe(200);
}
const countLooks = () => chat.callsOf('GetTokenInfo').length;
const lookedAgain = (before: number) =>
  waitUntil('Zendesk was asked about the token', () => countLooks() > before);

describe('an event that bears the name of one of our jobs', () => {
  it('is answered once, and neither keeps the job from running nor is run with it', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') });
    const { zendesk, conversationId, replies } = chat;
    const said = { conversationId, id: CHECK_TOKEN, text: 'Hello?' };
    const event = zendesk.buildMessageEvent(said);
    expect(await zendesk.deliver({ ...at, events: [event] })).toBe(200);
    await waitUntil('it is answered', () => replies().length === 1);

    const before = countLooks();
    for (let n = 0; n < 3; n++) await reportRemoved();
    await lookedAgain(before);
    expect(replies()).toEqual(['Hi.']);
    // The same delivery again is still known.
    expect(await zendesk.deliver({ ...at, events: [event] })).toBe(200);
    const events = await chat.shop.database.kysely.selectFrom('events').selectAll().execute();
    const names = events.filter(({ event_id: id }) => id.endsWith(CHECK_TOKEN));
    expect(names.map(({ event_id: id, type }) => [id, type])).toEqual([
      [`zendesk:${CHECK_TOKEN}`, 'conversation:message'],
      [CHECK_TOKEN, CHECK_TOKEN],
    ]);
  });

  it('does not hold the job up, as its conversation or its type', async () => {
    let entered = 0;
    chat = await openChat({
      onMessage: ({ reply }) => (++entered === 1 ? new Promise(() => {}) : reply('Hi.')),
    });
    const { zendesk, conversationId } = chat;
    const event = zendesk.buildMessageEvent({ conversationId, text: 'Hello?' });
    const named = JSON.stringify(event).replaceAll(conversationId, CHECK_TOKEN);
    const events = [JSON.parse(named), { ...event, id: 'typed', type: CHECK_TOKEN }];
    expect(await zendesk.deliver({ ...at, events })).toBe(200);
    await waitUntil('its handler hangs', () => entered === 1);

    const before = countLooks();
    await reportRemoved();
    await lookedAgain(before);
    const stored = await chat.shop.database.kysely.selectFrom('events').selectAll().execute();
    expect(stored.find(({ event_id: id }) => id === 'typed')).toMatchObject({
      state: 'ignored',
      attempts: 0,
    });
  });
});
