import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

const PHONE = { account: 'acme', phoneNumber: '+1 212-555-2368', name: 'Ada' };

describe('two customers who become one by the API', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening('acme', ['user:merge']);
  });

  afterEach(() => world.close());

  const participants = async (id: string) =>
    (await bot.call('GET', `/conversations/${id}/participants`)).body.participants ?? [];
  const merge = (surviving: string, discarded: string) =>
    world.control.mergeUsers({ surviving, discarded });

  it('are reached in the one conversation by the channels of both', async () => {
    const web = world.control.createConversation({ account: 'acme' });
    const phone = world.control.writeFromPhone({ ...PHONE, text: 'Hi' });
    const [caller] = await participants(phone);
    merge(web.userId, String(caller?.['userId']));
    expect(await participants(web.conversationId)).toMatchObject([
      { userId: web.userId, clientAssociations: [{ type: 'sdk' }, { type: 'whatsapp' }] },
    ]);
    const posted = await bot.call('POST', `/conversations/${web.conversationId}/messages`, {
      author: { type: 'business' },
      content: { type: 'text', text: 'Hello' },
      destination: { integrationType: 'whatsapp' },
    });
    expect(posted.status).toBe(201);
    expect(world.control.writeFromPhone({ ...PHONE, text: 'Again' })).toBe(web.conversationId);
  });

  it('are two: nobody becomes one with themselves', async () => {
    const { userId, conversationId } = world.control.createConversation({ account: 'acme' });
    expect(() => merge(userId, userId)).toThrow('Choose another customer');
    expect(await participants(conversationId)).toMatchObject([{ userId }]);
  });

  it.each([false, true])('are told of whole only where that was asked for: %s', async (isAsked) => {
    const webhook = `/integrations/me/webhooks/${bot.webhook.id}`;
    await bot.call('PATCH', webhook, { includeFullUser: isAsked });
    const open = () => world.control.createConversation({ account: 'acme' }).userId;
    const [surviving, discarded] = [open(), open()];
    merge(surviving, discarded);
    const users = (await world.events())[0]?.payload['mergedUsers'];
    expect(users).toMatchObject({ surviving: { id: surviving }, discarded: { id: discarded } });
    expect(JSON.stringify(users).includes('"profile"')).toBe(isAsked);
  });

  it('keep what they said alone out of a group', async () => {
    await bot.call('POST', '/users', { externalId: 'ada' });
    const ada = { userExternalId: 'ada', subscribeSDKClient: false };
    const group = { type: 'sdkGroup', participants: [ada] };
    const { body } = await bot.call('POST', '/conversations', group);
    const alone = world.control.createConversation({ account: 'acme' });
    world.control.sendCustomerMessage({ ...alone, text: 'Between us' });
    const { body: known } = await bot.call('GET', '/users/ada');
    merge(known.user?.id ?? '', alone.userId);
    expect(world.control.messages(body.conversation?.id ?? '')).toEqual([]);
    expect(world.control.messages(alone.conversationId)).toHaveLength(1);
    expect((await world.events())[0]?.payload).not.toHaveProperty('mergedConversations');
  });
});
