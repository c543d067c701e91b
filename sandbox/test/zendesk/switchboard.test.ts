import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRecordedCalls } from '../../../test/support/openapi/check.ts';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

describe('the switchboard', () => {
  let world: World;
  let conversationId: string;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening();
    ({ conversationId } = world.control.createConversation({ account: 'acme' }));
  });

  afterEach(() => world.close());

  function control(action: string, body: Record<string, unknown> = {}) {
    return bot.call('POST', `/conversations/${conversationId}/${action}`, body);
  }

  function active() {
    return world.control.conversation(conversationId).activeSwitchboardIntegration;
  }

  async function lastEvent() {
    return (await world.events()).at(-1);
  }

  it('gives new conversations to the first bot of the account', () => {
    expect(active()).toMatchObject({ name: 'shop-bot', integrationType: CLIENT_ID });
  });

  it('gives new conversations to the agents of an account without a bot', () => {
    const { conversationId: other } = world.control.createConversation({ account: 'bloom' });
    expect(world.control.conversation(other).activeSwitchboardIntegration?.name).toBe(
      'zd-agentWorkspace',
    );
  });

  it.each(['zd-agentWorkspace', 'zd:agentWorkspace', 'next'])(
    'passes control to %s and says so',
    async (switchboardIntegration) => {
      const metadata = { 'dataCapture.systemField.subject': 'Tent' };
      const passed = await control('passControl', { switchboardIntegration, metadata });
      expect(passed).toMatchObject({ status: 200, body: {} });
      expect(active()?.integrationType).toBe('zd:agentWorkspace');
      expect(await lastEvent()).toMatchObject({
        type: 'switchboard:passControl',
        payload: {
          metadata,
          conversation: { activeSwitchboardIntegration: { name: 'zd-agentWorkspace' } },
        },
      });
      checkRecordedCalls(world.control.calls);
    },
  );

  it('says nothing when control is passed to whoever has it', async () => {
    await control('passControl', { switchboardIntegration: CLIENT_ID });
    expect((await world.events()).map(({ type }) => type)).toEqual(['conversation:create']);
  });

  it.each(['next', 'zd-agentWorkspace'])('takes a second call to %s for the first', async (to) => {
    for (const _ of [1, 2])
      expect((await control('passControl', { switchboardIntegration: to })).status).toBe(200);
    expect(active()?.name).toBe('zd-agentWorkspace');
    expect((await world.events()).map(({ type }) => type)).toEqual([
      'conversation:create',
      'switchboard:passControl',
    ]);
  });

  it('answers an unknown target with 200 and a failure event', async () => {
    const passed = await control('passControl', { switchboardIntegration: 'nobody' });
    expect(passed.status).toBe(200);
    expect(active()?.name).toBe('shop-bot');
    expect(await lastEvent()).toMatchObject({
      type: 'switchboard:passControl:failure',
      payload: { error: { code: 'switchboard_invalid_target' } },
    });
  });

  it('tells a bot in standby what is said', async () => {
    world.control.setActive(conversationId, 'zd-agentWorkspace');
    world.control.sendCustomerMessage({ conversationId, text: 'Anybody?' });
    expect(await lastEvent()).toMatchObject({
      type: 'conversation:message',
      payload: { conversation: { activeSwitchboardIntegration: { name: 'zd-agentWorkspace' } } },
    });
  });

  it('leaves the active integration out when nobody is in control', async () => {
    world.control.setActive(conversationId, null);
    expect(active()).toBeUndefined();
    world.control.sendCustomerMessage({ conversationId, text: 'Anybody?' });
    const event = await lastEvent();
    expect(event?.payload.conversation).not.toHaveProperty('activeSwitchboardIntegration');
  });

  it('lets nobody release control who does not have it', async () => {
    world.control.setActive(conversationId, 'zd-agentWorkspace');
    expect((await control('releaseControl')).status).toBe(403);
    expect(active()?.name).toBe('zd-agentWorkspace');
  });

  it('lets the one who was offered control accept it, and nobody else', async () => {
    world.control.setActive(conversationId, 'zd-agentWorkspace');
    expect((await control('acceptControl')).status).toBe(403);
    await control('offerControl', { switchboardIntegration: 'shop-bot' });
    expect(world.control.conversation(conversationId).pendingSwitchboardIntegration?.name).toBe(
      'shop-bot',
    );
    const calls = `${world.url}${bot.host}/v2/apps/${bot.appId}/conversations/${conversationId}`;
    const headers = { Authorization: `Bearer ${bot.token}` };
    const withoutBody = await fetch(`${calls}/acceptControl`, { method: 'POST', headers });
    expect(withoutBody.status).toBe(400);
    expect((await control('acceptControl')).status).toBe(200);
    expect(active()?.name).toBe('shop-bot');
    expect((await world.events()).map(({ type }) => type).slice(-2)).toEqual([
      'switchboard:offerControl',
      'switchboard:acceptControl',
    ]);
    checkRecordedCalls(world.control.calls);
  });

  it.each([
    ['%((switchboard:passControl))%', 'zd-agentWorkspace'],
    ['so %((switchboard:passControl:zd-agentWorkspace))% long', 'zd-agentWorkspace'],
    ['%((switchboard:passControl:nobody))%', 'shop-bot'],
  ])('carries out the business text "%s" instead of storing it', async (text, name) => {
    const author = { type: 'business' };
    const posted = await control('messages', { author, content: { type: 'text', text } });
    expect(posted).toMatchObject({ status: 201, body: { messages: [] } });
    expect(active()?.name).toBe(name);
    expect(world.control.messages(conversationId)).toEqual([]);
  });

  it('takes the same text of a customer for what it is', () => {
    const text = '%((switchboard:passControl))%';
    world.control.sendCustomerMessage({ conversationId, text });
    expect(active()?.name).toBe('shop-bot');
    expect(world.control.messages(conversationId)).toHaveLength(1);
  });

  it.each([
    ['nobody', 'Switchboard integration nobody is not a valid target'],
    ['shop-bot', 'Cannot offer control to the active switchboard integration.'],
  ])('refuses to offer control to %s', async (name, message) => {
    await control('offerControl', { switchboardIntegration: name });
    expect(world.control.conversation(conversationId)).not.toHaveProperty(
      'pendingSwitchboardIntegration',
    );
    expect(await lastEvent()).toMatchObject({
      type: 'switchboard:offerControl:failure',
      payload: { error: { code: 'switchboard_invalid_target', message } },
    });
  });

  it.each([
    [undefined, 'There is no pendingSwitchboardIntegration'],
    ['zd-agentWorkspace', 'Another one is the pendingSwitchboardIntegration'],
  ])('refuses to accept control that was offered to %s', async (offeredTo, message) => {
    const triggers = ['switchboard:acceptControl:failure'];
    await bot.call('PATCH', `/integrations/me/webhooks/${bot.webhook.id}`, { triggers });
    if (offeredTo) await control('offerControl', { switchboardIntegration: offeredTo });
    expect((await control('acceptControl')).status).toBe(403);
    expect((await lastEvent())?.payload).toMatchObject({
      error: { code: 'switchboard_invalid_action', message },
    });
  });

  it('cannot tell two bots of the same name apart by their name', async () => {
    world.registerClient({
      clientId: 'twin',
      clientSecret: 's',
      name: 'Shop Bot',
      redirectUris: [world.redirectUri],
    });
    world.install({ clientId: 'twin' });
    world.control.setActive(conversationId, 'zd-agentWorkspace');
    await control('passControl', { switchboardIntegration: 'shop-bot' });
    expect(await lastEvent()).toMatchObject({ type: 'switchboard:passControl:failure' });
    await control('passControl', { switchboardIntegration: 'twin' });
    expect(active()?.integrationType).toBe('twin');
  });

  it('hands the conversation back to the bot when the agent solves it', async () => {
    world.control.takeOver(conversationId);
    world.control.agentReply({ conversationId, text: 'Done' });
    world.control.solve(conversationId);
    expect(active()?.name).toBe('shop-bot');
    expect(await lastEvent()).toMatchObject({
      type: 'switchboard:passControl',
      payload: { reason: 'ticketClosed' },
    });
  });
});
