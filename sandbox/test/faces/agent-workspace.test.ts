import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browse.ts';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const PAGE = '/accounts/acme/agent';

describe('the Agent Workspace', () => {
  let world: World;
  let conversationId: string;
  let agent: ReturnType<typeof createBrowser>;

  beforeEach(async () => {
    world = await startWorld();
    world.installListening();
    ({ conversationId } = world.control.createConversation({
      account: 'acme',
      userExternalId: 'regular',
    }));
    world.control.sendCustomerMessage({ conversationId, text: 'A question' });
    agent = createBrowser(world.url);
  });

  afterEach(() => world.close());

  function act(action: string, fields?: Record<string, string>) {
    return agent.submit(`${PAGE}/conversations/${conversationId}/${action}`, fields);
  }

  it('lists conversations with who is in control and what was said last', async () => {
    const { html } = await agent.open(PAGE);
    expect(html).toContain('regular');
    expect(html).toContain('Shop Bot</span>');
    expect(html).toContain('A question');
  });

  it('shows the whole history', async () => {
    for (let n = 0; n < 250; n += 1) {
      world.control.sendCustomerMessage({ conversationId, text: `number ${n}.` });
    }
    const path = `${PAGE}/conversations/${conversationId}`;
    const newest = await agent.open(path);
    expect(newest.html).toContain('Show 51 earlier messages');
    expect(newest.html).not.toContain('number 3.');
    expect((await agent.open(`${path}?all=1`)).html).toContain('number 3.');
  });

  it('lets the agent take over, answer and solve', async () => {
    const standby = await agent.open(`${PAGE}/conversations/${conversationId}`);
    expect(standby.html).not.toContain('<textarea');
    expect((await act('take-over')).html).toContain('<textarea');
    expect((await act('messages', { text: 'I can help' })).html).toContain('I can help');
    expect((await act('solve')).html).not.toContain('<textarea');
    const events = await world.events();
    expect(events.map(({ type }) => type)).toEqual([
      'conversation:create',
      'conversation:message',
      'switchboard:passControl',
      'conversation:message',
      'switchboard:passControl',
    ]);
    expect(events[3]).toMatchObject({
      payload: { message: { author: { type: 'business' }, source: { type: 'zd:agentWorkspace' } } },
    });
    expect(events[4]).toMatchObject({ payload: { reason: 'ticketClosed' } });
  });

  it('says why an answer cannot be sent', async () => {
    await act('take-over');
    const page = await act('messages', { text: ' ' });
    expect(page.status).toBe(400);
    expect(page.html).toContain('Write something first.');
  });

  it('shows no conversation of another account', async () => {
    const path = `/accounts/bloom/agent/conversations/${conversationId}`;
    expect((await agent.open(path)).status).toBe(404);
    expect((await agent.open('/accounts/bloom/agent')).html).not.toContain('regular');
  });
});
