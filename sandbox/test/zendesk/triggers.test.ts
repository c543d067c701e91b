import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { triggers } from '../../src/platform/webhooks.ts';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const phone = { account: 'acme', phoneNumber: '+1 212-555-2368' };
const agents = { switchboardIntegration: 'zd-agentWorkspace' };

interface Scene {
  world: World;
  bot: ReturnType<World['install']>;
  conversationId: string;
  userId: string;
}

const post = ({ bot, conversationId }: Scene, action: string, body: Record<string, unknown> = {}) =>
  bot.call('POST', `/conversations/${conversationId}/${action}`, body);

const say = (scene: Scene) =>
  post(scene, 'messages', {
    author: { type: 'business' },
    content: { type: 'text', text: 'Hello' },
  });

function link({ world, bot, conversationId, userId }: Scene, type: string) {
  const integrationId = world.control.accounts()[0]?.whatsappIntegrationId;
  return bot.call('POST', `/users/${userId}/clients`, {
    matchCriteria: { type: 'whatsapp', integrationId, phoneNumber: phone.phoneNumber },
    confirmation: { type },
    target: { conversationId },
  });
}

/** `passthrough:messaging` alone is never sent: the description has no payload for it. */
const NEVER = 'passthrough:messaging';

/** What makes each event happen. */
const causes: Record<
  Exclude<(typeof triggers)[number], typeof NEVER>,
  (scene: Scene) => unknown
> = {
  'client:add': (scene) => link(scene, 'prompt'),
  'client:remove': async (scene) => {
    const { body } = await link(scene, 'prompt');
    scene.world.control.cancelLink(body.client?.id ?? '');
  },
  'client:update': (scene) => link(scene, 'immediate'),
  'conversation:create': ({ world }) => world.control.createConversation({ account: 'acme' }),
  'conversation:join': async ({ bot, userId }) => {
    const { body } = await bot.call('POST', '/conversations', { type: 'sdkGroup' });
    await bot.call('POST', `/conversations/${body.conversation?.id}/join`, {
      userId,
      subscribeSDKClient: true,
    });
  },
  'conversation:leave': async ({ bot, userId }) => {
    const { body } = await bot.call('POST', '/conversations', { type: 'sdkGroup' });
    await bot.call('POST', `/conversations/${body.conversation?.id}/join`, {
      userId,
      subscribeSDKClient: true,
    });
    await bot.call('POST', `/conversations/${body.conversation?.id}/leave`, { userId });
  },
  'conversation:message': say,
  'conversation:message:delivery:channel': say,
  'conversation:message:delivery:failure': async (scene) => {
    scene.world.control.armFault({ kind: 'failChannelDelivery' });
    await say(scene);
  },
  'conversation:message:delivery:user': say,
  'conversation:postback': ({ world, conversationId }) =>
    world.control.sendPostback({ conversationId, payload: 'BUY' }),
  'conversation:read': ({ bot, conversationId, userId }) =>
    bot.call('POST', `/conversations/${conversationId}/activity`, {
      author: { type: 'user', userId },
      type: 'conversation:read',
    }),
  'conversation:referral': ({ world, conversationId }) =>
    world.control.arriveByReferral(conversationId, {
      code: 'spring',
      details: { source: 'ADS', type: 'OPEN_THREAD', adId: '1' },
    }),
  'conversation:remove': ({ world, conversationId }) =>
    world.control.removeConversation(conversationId),
  'conversation:typing': ({ world, conversationId }) =>
    world.control.setTyping(conversationId, true),
  'switchboard:acceptControl': async (scene) => {
    await post(scene, 'offerControl', agents);
    scene.world.control.acceptOffer(scene.conversationId);
  },
  'switchboard:acceptControl:failure': (scene) => post(scene, 'acceptControl'),
  'switchboard:offerControl': (scene) => post(scene, 'offerControl', agents),
  'switchboard:offerControl:failure': (scene) =>
    post(scene, 'offerControl', { switchboardIntegration: 'nobody' }),
  'switchboard:passControl': (scene) => post(scene, 'passControl', agents),
  'switchboard:passControl:failure': (scene) =>
    post(scene, 'passControl', { switchboardIntegration: 'nobody' }),
  'switchboard:releaseControl': (scene) => post(scene, 'releaseControl'),
  'user:merge': ({ world, userId }) => {
    const other = world.control.createConversation({ account: 'acme' });
    world.control.mergeUsers({ surviving: userId, discarded: other.userId });
  },
  'user:remove': ({ bot, userId }) => bot.call('DELETE', `/users/${userId}`),
  'user:update': ({ world, userId }) => world.control.signIn({ userId, externalId: 'ada' }),
};

describe('a webhook', () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.close());

  /** A customer with a conversation, and a bot that hears of one kind of event from now on. */
  async function listenTo(trigger: string): Promise<Scene> {
    const bot = world.install();
    const { conversationId, userId } = world.control.createConversation({ account: 'acme' });
    const target = `${world.receiver.url}/webhooks/1`;
    const made = await bot.call('POST', '/integrations/me/webhooks', {
      target,
      triggers: [trigger],
    });
    expect(made.status).toBe(201);
    return { world, bot, conversationId, userId };
  }

  it.each(Object.entries(causes))(
    'that asked for %s gets it, and nothing else',
    async (type, act) => {
      await act(await listenTo(type));
      const types = (await world.events()).map((event) => event.type);
      expect(new Set(types)).toEqual(new Set([type]));
    },
  );

  it('can ask for everything that is sent, and for what passes through', () => {
    expect([...Object.keys(causes), NEVER].toSorted()).toEqual(triggers.toSorted());
  });

  it.each([
    'linkRequest',
    'message',
    'none',
    'notification',
    'prechatCapture',
    'startConversation',
    'proactiveMessaging',
  ] as const)('hears why a conversation was created: %s', async (reason) => {
    await listenTo('conversation:create');
    world.control.createConversation({ account: 'acme', reason });
    expect(await world.events()).toMatchObject([{ payload: { creationReason: reason } }]);
  });

  it('hears of the campaign or the referral that opened a conversation', async () => {
    await listenTo('conversation:create');
    const opened = { account: 'acme', reason: 'proactiveMessaging' as const };
    world.control.createConversation({ ...opened, campaignId: '0123456789abcdef01234567' });
    world.control.createConversation({ account: 'acme', referral: { code: 'spring' } });
    expect(await world.events()).toMatchObject([
      { payload: { source: { type: 'web', campaign: { id: '0123456789abcdef01234567' } } } },
      { payload: { referral: { code: 'spring' } } },
    ]);
  });

  it.each([
    ['solve', 'ticketClosed', 'ticket:closed'],
    ['transferToEmail', 'transferToEmail', 'ticket:transfer:email'],
  ] as const)('hears why control comes back: %s', async (act, reason, activity) => {
    const { conversationId } = await listenTo('switchboard:passControl');
    world.control.takeOver(conversationId);
    world.control[act](conversationId);
    expect((await world.events())[1]).toMatchObject({ payload: { reason } });
    expect(world.control.messages(conversationId)).toMatchObject([
      { activity: { type: activity }, author: { type: 'business', subtypes: ['activity'] } },
    ]);
  });

  it('hears why control is released where the account leaves that to Zendesk', async () => {
    world.control.setControlSetting('acme', 'release');
    const { conversationId } = await listenTo('switchboard:releaseControl');
    world.control.takeOver(conversationId);
    world.control.solve(conversationId);
    expect(await world.events()).toMatchObject([{ payload: { reason: 'ticketClosed' } }]);
    expect(world.control.conversation(conversationId)).not.toHaveProperty(
      'activeSwitchboardIntegration',
    );
  });
});
