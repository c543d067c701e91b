import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const DELIVERY = ['channel', 'user', 'failure'].map(
  (what) => `conversation:message:delivery:${what}`,
);
const PHONE = { account: 'acme', phoneNumber: '+1 212-555-2368', name: 'Ada' };
const text = { type: 'text', text: 'Hello' };

describe('channels', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening('acme', [
      'conversation:create',
      'conversation:message',
      ...DELIVERY,
    ]);
  });

  afterEach(() => world.close());

  const post = (conversationId: string, more: Record<string, unknown> = {}) =>
    bot.call('POST', `/conversations/${conversationId}/messages`, {
      author: { type: 'business' },
      content: text,
      ...more,
    });
  const deliveries = async () =>
    (await world.events()).filter(({ type }) => DELIVERY.includes(type));
  const write = () => world.control.writeFromPhone({ ...PHONE, text: 'Hi' });

  it('bring a new customer by WhatsApp, whose words open the conversation', async () => {
    const conversationId = write();
    expect(await world.events()).toMatchObject([
      {
        type: 'conversation:create',
        payload: { creationReason: 'message', source: { type: 'whatsapp' } },
      },
      {
        type: 'conversation:message',
        payload: {
          conversation: { activeSwitchboardIntegration: { integrationType: CLIENT_ID } },
          message: {
            author: { displayName: 'Ada' },
            source: {
              type: 'whatsapp',
              integrationId: world.control.accounts()[0]?.whatsappIntegrationId,
              originalMessageId: expect.any(String),
              originalMessageTimestamp: expect.any(String),
            },
          },
        },
      },
    ]);
    expect(write()).toBe(conversationId);
    expect(() =>
      world.control.writeFromPhone({ ...PHONE, phoneNumber: '12', text: 'x' }),
    ).toThrow();
  });

  it.each([
    ['web', () => world.control.createConversation({ account: 'acme' }).conversationId],
    ['whatsapp', write],
  ])('say that a message was delivered by %s', async (type, open) => {
    const conversationId = open();
    const { body } = await post(conversationId);
    const payload = { message: { id: body.messages?.[0]?.id }, destination: { type } };
    expect(await deliveries()).toMatchObject([
      { type: DELIVERY[0], payload: { ...payload, isFinalEvent: false } },
      { type: DELIVERY[1], payload: { ...payload, isFinalEvent: true } },
    ]);
  });

  it.each([
    ['the customer has blocked the business', 'unauthorized'],
    ['a fault is armed', 'uncategorized_error'],
  ])('say that a message was not delivered because %s', async (why, code) => {
    const conversationId = write();
    const { participants } = (
      await bot.call('GET', `/conversations/${conversationId}/participants`)
    ).body;
    const [client] = world.control.clients(String(participants?.[0]?.['userId']));
    if (why.startsWith('a fault')) world.control.armFault({ kind: 'failChannelDelivery' });
    else world.control.setBlocked(client?.id ?? '', true, conversationId);
    expect((await post(conversationId)).status).toBe(201);
    expect(await deliveries()).toMatchObject([
      {
        type: DELIVERY[2],
        payload: { error: { code }, isFinalEvent: true },
      },
    ]);
  });

  it('are chosen by the destination', async () => {
    const conversationId = write();
    const { whatsappIntegrationId, webIntegrationId } = world.control.accounts()[0] ?? {};
    const to = (destination: Record<string, unknown>) => post(conversationId, { destination });
    expect((await to({ integrationType: 'whatsapp' })).status).toBe(201);
    expect((await to({ integrationId: whatsappIntegrationId })).status).toBe(201);
    expect((await to({ integrationType: 'web' })).body.errors?.[0]?.title).toMatch(
      /^\.destination/,
    );
    expect((await to({ integrationId: webIntegrationId })).status).toBe(400);
    expect((await to({ channel: 'whatsapp' })).status).toBe(400);
    expect(await deliveries()).toHaveLength(4);
  });

  it('are left alone by a silent message, which the history has', async () => {
    const conversationId = write();
    const { status } = await post(conversationId, { destination: { integrationType: 'none' } });
    expect(status).toBe(201);
    expect(await deliveries()).toEqual([]);
    const { body } = await bot.call('GET', `/conversations/${conversationId}/messages`);
    expect(body.messages).toHaveLength(2);
  });

  it('are where the customer wrote last', async () => {
    const { conversationId, userId } = world.control.createConversation({ account: 'acme' });
    const integrationId = world.control.accounts()[0]?.whatsappIntegrationId;
    await bot.call('POST', `/users/${userId}/clients`, {
      matchCriteria: { type: 'whatsapp', integrationId, phoneNumber: PHONE.phoneNumber },
      confirmation: { type: 'immediate' },
      target: { conversationId },
    });
    await post(conversationId);
    world.control.sendCustomerMessage({ conversationId, text: 'Back', channel: 'web' });
    await post(conversationId);
    const types = (await deliveries()).map(({ payload }) => payload['destination']);
    expect(types).toMatchObject([
      { type: 'whatsapp' },
      { type: 'whatsapp' },
      { type: 'web' },
      { type: 'web' },
    ]);
  });

  it('let the business write first, and say so of the answer', async () => {
    world.control.sendNotification({ ...PHONE, text: 'Your parcel is here' });
    expect((await world.events())[0]).toMatchObject({
      type: 'conversation:create',
      payload: { creationReason: 'notification', user: { id: expect.any(String) } },
    });
    for (const _ of [1, 2]) write();
    const recent = (await world.events()).flatMap(({ payload }) => payload['recentNotifications']);
    expect(recent.filter(Boolean)).toMatchObject([{ content: { text: 'Your parcel is here' } }]);
  });

  it('of Meta take conversion events, and no others', async () => {
    const path = `/conversations/${write()}/conversionEvents`;
    const payload = { data: [{ event_name: 'Purchase' }, { event_name: 'Lead' }] };
    const { status, body } = await bot.call('POST', path, { whatsapp: { payload } });
    expect([status, body['conversionEvents']]).toMatchObject([200, { eventsReceived: 2 }]);
    for (const wrong of [{ instagram: { payload } }, {}, { whatsapp: {} }, { fax: { payload } }])
      expect((await bot.call('POST', path, wrong)).status).toBe(400);
    const { conversationId } = world.control.createConversation({ account: 'acme' });
    const web = `/conversations/${conversationId}/conversionEvents`;
    expect((await bot.call('POST', web, { whatsapp: { payload } })).status).toBe(400);
  });

  it('of Apple are not there, which the call for them says', async () => {
    const { conversationId, userId } = world.control.createConversation({ account: 'acme' });
    const download = (body: Record<string, unknown>) =>
      bot.call('POST', `/conversations/${conversationId}/download`, body);
    const { status, body } = await download({ userId });
    expect([status, body.errors?.[0]?.code]).toEqual([501, 'not_implemented']);
    expect(body.errors?.[0]?.title).toContain('DownloadMessageRef is not in the sandbox');
    expect((await download({})).status).toBe(400);
    expect((await download({ userId: 'x' })).status).toBe(404);
  });

  it('show a webhook that asks for it the whole client and device', async () => {
    const target = `${world.receiver.url}/webhooks/2`;
    await bot.call('POST', '/integrations/me/webhooks', {
      target,
      triggers: ['conversation:message'],
      includeFullSource: true,
      includeFullUser: true,
    });
    const { conversationId } = world.control.createConversation({ account: 'acme' });
    world.control.sendCustomerMessage({ conversationId, text: 'From the web' });
    write();
    const full = (await world.events()).filter(({ payload }) =>
      JSON.stringify(payload).includes('"client"'),
    );
    // Of two conversations, which are delivered at the same time.
    const messages = full.map(({ payload }) => payload.message);
    const isFromWeb = (message: unknown) => JSON.stringify(message).includes('"type":"web"');
    expect(messages.toSorted((one, other) => +isFromWeb(other) - +isFromWeb(one))).toMatchObject([
      {
        author: { user: { profile: {}, identities: [] } },
        source: { type: 'web', client: { type: 'sdk' }, device: { type: 'web' } },
      },
      { source: { client: { type: 'whatsapp', info: { phoneNumber: '+12125552368' } } } },
    ]);
  });
});
