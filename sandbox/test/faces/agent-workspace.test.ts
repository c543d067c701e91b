import { parse } from 'node-html-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../test/support/browser/browser.ts';
import { waitUntil } from '../../../test/support/wait-until.ts';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const PAGE = '/accounts/acme/agent';

describe('the Agent Workspace', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;
  let conversationId: string;
  let agent: ReturnType<typeof createBrowser>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening();
    ({ conversationId } = world.control.createConversation({
      account: 'acme',
      userExternalId: 'regular',
    }));
    world.control.sendCustomerMessage({ conversationId, text: 'A question' });
    agent = createBrowser(world.url);
  });

  afterEach(() => world.close());

  function act(action: string, fields?: Record<string, string>) {
    return agent.send(`${PAGE}/conversations/${conversationId}/${action}`, fields);
  }

  it('lists conversations with who is in control and what was said last', async () => {
    const { text: html } = await agent.get(PAGE);
    expect(html).toContain('regular');
    expect(html).toContain('Shop Bot</span>');
    expect(html).toContain('A question');
  });

  it('puts on top who has waited longest, then what is unread, then the newest', async () => {
    const open = (userExternalId: string) => {
      const one = world.control.createConversation({ account: 'acme', userExternalId });
      world.control.sendCustomerMessage({ conversationId: one.conversationId, text: 'A question' });
      return one.conversationId;
    };
    const [later, first, unread] = ['later', 'first', 'unread'].map((name) => open(name));
    for (const id of [first, later]) {
      world.control.takeOver(id ?? '');
      const before = Date.now();
      // Those who wait since the same millisecond have no order.
      await waitUntil('the clock went on', () => Date.now() > before);
    }
    await agent.get(`${PAGE}/conversations/${conversationId}`);
    world.control.sendCustomerMessage({ conversationId: unread ?? '', text: 'More' });
    const names = parse((await agent.get(PAGE)).text).querySelectorAll('.inbox-title');
    expect(names.map(({ text }) => text.split(' ')[0])).toEqual([
      'first',
      'later',
      'unread',
      'regular',
    ]);
  });

  it('says how many there are beside the hundred that it lists, and shows them', async () => {
    for (let n = 0; n < 101; n += 1)
      world.control.createConversation({ account: 'acme', userExternalId: `customer ${n}` });
    const countIn = ({ text }: { text: string }) =>
      parse(text).querySelectorAll('.inbox-at').length;
    const page = await agent.get(PAGE);
    expect(countIn(page)).toBe(100);
    expect(page.text).toContain('<a href="?list=all">Show 2 more</a>');
    expect(countIn(await agent.get(`${PAGE}?list=all`))).toBe(102);
    expect((await agent.get('/')).text).toContain('102 conversations');
  });

  it('shows the whole history', async () => {
    for (let n = 0; n < 250; n += 1) {
      world.control.sendCustomerMessage({ conversationId, text: `number ${n}.` });
    }
    const path = `${PAGE}/conversations/${conversationId}`;
    const newest = await agent.get(path);
    expect(newest.text).toContain('Show 51 earlier messages');
    expect(newest.text).not.toContain('number 3.');
    expect((await agent.get(`${path}?all=1`)).text).toContain('number 3.');
  });

  it('lets the agent take over, answer and solve', async () => {
    const standby = await agent.get(`${PAGE}/conversations/${conversationId}`);
    expect(standby.text).not.toContain('<textarea');
    expect((await act('take-over')).text).toContain('<textarea');
    expect((await act('messages', { text: 'I can help' })).text).toContain('I can help');
    expect((await act('solve')).text).not.toContain('<textarea');
    const events = await world.events();
    expect(events.map(({ type }) => type)).toEqual([
      'conversation:create',
      'conversation:message',
      'switchboard:passControl',
      'conversation:message',
      'conversation:message',
      'switchboard:passControl',
    ]);
    expect(events[3]).toMatchObject({
      payload: { message: { author: { type: 'business' }, source: { type: 'zd:agentWorkspace' } } },
    });
    expect(events[5]).toMatchObject({ payload: { reason: 'ticketClosed' } });
  });

  it('shows why the bot handed over, who waits, and who it is', async () => {
    const metadata = { reason: 'Wants a <person>', 'dataCapture.systemField.tags': 'bot' };
    const path = `/conversations/${conversationId}/passControl`;
    await bot.call('POST', path, { switchboardIntegration: 'next', metadata });
    const list = await agent.get(PAGE);
    expect(parse(list.text).text).toContain('1 unread');
    expect(list.text).toContain('Waiting ·');
    const ticket = parse((await agent.get(`${PAGE}/conversations/${conversationId}`)).text);
    const about = ticket.querySelector('.about-customer')?.text;
    for (const words of ['Wants a <person>', 'dataCapture', 'regular', 'Web Messenger'])
      expect(about).toContain(words);
    expect(ticket.querySelector('.why blockquote')?.text).toBe('Wants a <person>');
    expect(ticket.querySelector('.before')?.text).toContain('before the hand-off');
    const isSolveFirst = async () =>
      parse((await agent.get(`${PAGE}/conversations/${conversationId}`)).text)
        .querySelector('form[action$="/solve"] button')
        ?.classNames.includes('primary');
    expect(await isSolveFirst()).toBe(false);
    expect((await agent.get(PAGE)).text).not.toContain('unread');
    await act('messages', { text: 'Here I am' });
    expect((await agent.get(PAGE)).text).not.toContain('Waiting ·');
    expect(await isSolveFirst()).toBe(true);
  });

  it('shows the e-mail address that a customer has signed in with', async () => {
    const { userId } = world.control.createConversation({ account: 'acme' });
    world.control.signIn({ userId, externalId: 'regular', email: 'pat@shop.example' });
    const ticket = parse((await agent.get(`${PAGE}/conversations/${conversationId}`)).text);
    expect(ticket.querySelector('.about-customer')?.text).toContain('pat@shop.example');
  });

  it('accepts what the bot offers, and can go on by e-mail', async () => {
    expect((await act('accept')).status).toBe(403);
    await bot.call('POST', `/conversations/${conversationId}/offerControl`, {
      switchboardIntegration: 'next',
    });
    const path = `${PAGE}/conversations/${conversationId}`;
    const accepted = await agent.submit(await agent.get(path), '/accept');
    const left = await agent.submit(accepted, '/email');
    expect(left.text).toContain('The conversation goes on by e-mail');
    expect((await world.events()).at(-1)).toMatchObject({
      type: 'switchboard:passControl',
      payload: { reason: 'transferToEmail' },
    });
  });

  it('says why an answer cannot be sent', async () => {
    await act('take-over');
    const page = await act('messages', { text: ' ' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('Write something first.');
  });

  it('shows no conversation of another account', async () => {
    const path = `/accounts/bloom/agent/conversations/${conversationId}`;
    expect((await agent.get(path)).status).toBe(404);
    expect((await agent.get('/accounts/bloom/agent')).text).not.toContain('regular');
  });
});
