import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const TRIGGERS = ['client:add', 'client:update', 'client:remove', 'user:merge'];
const PHONE = '+1 212-555-2368';
const DIGITS = '12125552368';

describe('clients', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;
  let conversationId: string;
  let userId: string;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening('acme', TRIGGERS);
    ({ conversationId, userId } = world.control.createConversation({ account: 'acme' }));
  });

  afterEach(() => world.close());

  function request(
    confirmation = 'immediate',
    criteria: Record<string, unknown> = {},
    user = userId,
    target = conversationId,
  ) {
    const integrationId = world.control.accounts()[0]?.whatsappIntegrationId;
    return bot.call('POST', `/users/${user}/clients`, {
      matchCriteria: { type: 'whatsapp', integrationId, phoneNumber: PHONE, ...criteria },
      confirmation: { type: confirmation },
      target: { conversationId: target },
    });
  }

  const list = async (user = userId) =>
    (await bot.call('GET', `/users/${user}/clients`)).body.clients;
  const reasons = async () =>
    (await world.events()).map(({ type, payload }) => `${type} ${String(payload['reason'])}`);
  const associations = async () =>
    (await bot.call('GET', `/conversations/${conversationId}/participants`)).body
      .participants?.[0]?.['clientAssociations'];

  it('of the website are there from the first visit on, with a device', async () => {
    expect(await list()).toMatchObject([{ type: 'sdk', status: 'active' }]);
    const { body } = await bot.call('GET', `/users/${userId}/devices`);
    const [device] = Array.isArray(body['devices']) ? body['devices'] : [];
    expect(device).toMatchObject({ type: 'web', status: 'active' });
    const one = await bot.call('GET', `/users/${userId}/devices/${device.id}`);
    expect(one.body['device']).toEqual(device);
    const none = await bot.call('GET', `/users/${userId}/devices/x`);
    expect(none.body.errors?.[0]?.code).toBe('device_not_found');
  });

  it('are linked at once', async () => {
    const { status, body } = await request();
    expect(status).toBe(201);
    expect(body.client).toMatchObject({ type: 'whatsapp', status: 'pending' });
    expect(body.client).not.toHaveProperty('linkedAt');
    expect(await list()).toMatchObject([
      { type: 'sdk' },
      { type: 'whatsapp', status: 'active', externalId: DIGITS, linkedAt: expect.any(String) },
    ]);
    expect(await associations()).toMatchObject([{ type: 'whatsapp' }, { type: 'sdk' }]);
    expect(await reasons()).toEqual([
      'client:add channelLinking',
      'client:update matched',
      'client:update confirmed',
    ]);
    expect((await world.events())[0]?.payload.conversation?.id).toBe(conversationId);
  });

  it('are the second where they are not to be the primary one', async () => {
    await request('immediate', { primary: false });
    expect(await associations()).toMatchObject([{ type: 'sdk' }, { type: 'whatsapp' }]);
  });

  it('are pending until the customer writes', async () => {
    const { body } = await request('userActivity');
    expect(body.client).toMatchObject({ status: 'pending' });
    world.control.writeFromPhone({ account: 'acme', phoneNumber: PHONE, text: 'Here' });
    expect((await list())?.[1]).toMatchObject({ id: body.client?.id, status: 'active' });
    const [message] = world.control.messages(conversationId);
    expect(message).toMatchObject({ content: { text: 'Here' }, source: { type: 'whatsapp' } });
  });

  it.each([
    ['yes', 'confirmLink', 'client:update confirmed', 2],
    ['no', 'cancelLink', 'client:remove linkCancelled', 1],
  ] as const)('are pending until the customer says %s', async (_word, act, reason, count) => {
    const { body } = await request('prompt');
    world.control[act](body.client?.id ?? '');
    expect((await reasons()).at(-1)).toBe(reason);
    expect(await list()).toHaveLength(count);
  });

  it('are removed where nobody is found', async () => {
    world.control.armFault({ kind: 'failLink' });
    await request();
    expect(await reasons()).toEqual(['client:add channelLinking', 'client:remove linkFailed']);
    expect((await world.events())[1]?.payload['error']).toHaveProperty('code');
    expect(await list()).toHaveLength(1);
  });

  it('make one customer of two where one of them was a number only', async () => {
    const other = world.control.writeFromPhone({ account: 'acme', phoneNumber: PHONE, text: 'Hi' });
    const asked = await request();
    expect(await list()).toMatchObject([{ type: 'sdk' }, { type: 'whatsapp', status: 'active' }]);
    const { body } = await bot.call('GET', `/conversations?filter[userId]=${userId}`);
    expect(body.conversations?.map(({ id }) => id)).toEqual([conversationId, other]);
    expect((await world.events()).find(({ type }) => type === 'user:merge')).toMatchObject({
      payload: {
        reason: 'channelLinking',
        mergedUsers: { surviving: { id: userId } },
        mergedClients: { surviving: { status: 'active' }, discarded: asked.body.client },
      },
    });
  });

  it('are taken from another customer who is known by an external id, too', async () => {
    const known = (externalId: string) =>
      world.control.createConversation({ account: 'acme', userExternalId: externalId });
    const [ada, eve] = [known('ada'), known('eve')];
    await request('immediate', {}, ada.userId, ada.conversationId);
    await request('immediate', {}, eve.userId, eve.conversationId);
    expect(await list(ada.userId)).toMatchObject([{ type: 'sdk' }]);
    expect(await list(eve.userId)).toMatchObject([{ type: 'sdk' }, { type: 'whatsapp' }]);
    expect((await world.events()).find(({ type }) => type === 'client:remove')).toMatchObject({
      payload: {
        reason: 'theft',
        user: { externalId: 'ada' },
        conversation: { id: ada.conversationId },
      },
    });
  });

  it('are removed by API and by the customer', async () => {
    await request();
    const [web, phone] = (await list()) ?? [];
    expect((await bot.call('DELETE', `/users/${userId}/clients/${phone?.id}`)).status).toBe(200);
    const gone = await bot.call('DELETE', `/users/${userId}/clients/${phone?.id}`);
    expect(gone.body.errors?.[0]?.code).toBe('client_not_found');
    world.control.unlink(web?.id ?? '');
    expect(await list()).toEqual([]);
    expect(await associations()).toEqual([]);
    expect((await reasons()).slice(-2)).toEqual(['client:remove api', 'client:remove sdk']);
  });

  it('are blocked and unblocked by the customer', async () => {
    const [web] = (await list()) ?? [];
    world.control.setBlocked(web?.id ?? '', true, conversationId);
    expect((await list())?.[0]).toMatchObject({ status: 'blocked' });
    world.control.setBlocked(web?.id ?? '', false, conversationId);
    expect(await reasons()).toEqual(['client:update blocked', 'client:update unblocked']);
  });

  it.each([
    ['another integration', { integrationId: 'x' }, 404],
    ['a channel the account does not have', { type: 'twilio' }, 404],
    ['a number without its country', { phoneNumber: '212 555 2368' }, 400],
    ['an unknown channel', { type: 'fax' }, 400],
    ['no number', { phoneNumber: undefined }, 400],
  ])('are not linked to %s', async (_case, criteria, status) => {
    expect((await request('immediate', criteria)).status).toBe(status);
    expect(await list()).toHaveLength(1);
  });

  it('are linked in conversations of the customer only', async () => {
    const other = world.control.createConversation({ account: 'acme' });
    expect((await request('immediate', {}, userId, other.conversationId)).status).toBe(404);
  });
});
