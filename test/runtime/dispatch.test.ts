import { describe, expect, it, vi } from 'vitest';
import { createObserve } from '../../server/observe.ts';
import { ControlLostError } from '../../server/runtime/control.ts';
import { dispatchEvent } from '../../server/runtime/dispatch.ts';
import type { Reading } from '../../server/runtime/messages/incoming.ts';
import type { Bot, OnPostback, OnStart } from '../../server/runtime/types.ts';
import { conversationCalls } from '../../server/zendesk/conversations.ts';
import type { ConversationEvent } from '../../server/zendesk/events.ts';
import { fakeTools } from '../bot/fake-tools.ts';

const CLIENT_ID = 'our-client-id';
const observe = createObserve();
/** Nothing here calls Zendesk. */
const conversations = conversationCalls(() => Promise.reject(new Error('Zendesk was called.')));
const DONE = { handedOff: false, ended: false, replies: 1 };
const finish = async () => {};
const reading = { receivedAt: 0, readMore: vi.fn<Reading['readMore']>(() => []) };
const us = { id: '1', integrationType: CLIENT_ID };
const agents = { id: '2', integrationType: 'zd:agentWorkspace' };

type Active = typeof us | null | undefined;

const inConversation = (active: Active) => ({
  conversation: { id: 'conversation', activeSwitchboardIntegration: active },
});

function messageOf(author: string, active: Active = us): ConversationEvent {
  const content = { type: 'text', text: 'Hi' };
  const message = { id: 'message', author: { type: author }, content };
  return { type: 'conversation:message', payload: { ...inConversation(active), message } };
}

async function dispatch(event: ConversationEvent, { withoutSwitchboard = false } = {}) {
  const bot = {
    onMessage: vi.fn<Bot['onMessage']>(),
    onPostback: vi.fn<OnPostback>(),
    onStart: vi.fn<OnStart>(),
    onHandOffFailed: vi.fn<Bot['onHandOffFailed']>(),
  };
  const rule = { clientId: CLIENT_ID, answerWithoutSwitchboard: withoutSwitchboard };
  const openTools = async () => ({ tools: fakeTools(), done: DONE, finish });
  const result = await dispatchEvent(
    { bot, rule, active: us, conversations, earlier: [], openTools, reading, observe },
    event,
  );
  const called = Object.entries(bot).filter(([, handler]) => handler.mock.calls.length > 0);
  return { result, called: called.map(([name]) => name), bot };
}

describe('dispatching an event', () => {
  it('gives a customer’s message to onMessage', async () => {
    const { result, called, bot } = await dispatch(messageOf('user'));
    expect(called).toEqual(['onMessage']);
    expect(bot.onMessage.mock.calls[0]?.[0].message).toMatchObject({ type: 'text', text: 'Hi' });
    expect(result).toEqual({ state: 'done', note: 'Message answered: 1 reply' });
  });

  it('gives a pressed button to onPostback with its payload', async () => {
    const payload = { ...inConversation(us), postback: { payload: 'hours' } };
    const { called, bot } = await dispatch({ type: 'conversation:postback', payload });
    expect(called).toEqual(['onPostback']);
    expect(bot.onPostback.mock.calls[0]?.[0]).toMatchObject({ payload: 'hours', metadata: {} });
  });

  it.each([
    // All of Zendesk's (OpenAPI conversationCreateEvent), one of next year and none.
    'startConversation',
    'prechatCapture',
    'proactiveMessaging',
    'notification',
    'linkRequest',
    'none',
    'a reason of next year',
    undefined,
  ])('gives a conversation created for %s to onStart, with the reason', async (creationReason) => {
    const payload = { ...inConversation(us), creationReason };
    const { called, bot } = await dispatch({ type: 'conversation:create', payload });
    expect(called).toEqual(['onStart']);
    expect(bot.onStart.mock.calls[0]?.[0].reason).toBe(creationReason ?? 'none');
  });

  it('leaves a conversation that a message opened to onMessage', async () => {
    const payload = { ...inConversation(us), creationReason: 'message' };
    const { called } = await dispatch({ type: 'conversation:create', payload });
    expect(called).toEqual([]);
  });

  it('says which function a bot does not have', async () => {
    const bot = { onMessage: vi.fn<Bot['onMessage']>(), onHandOffFailed: async () => {} };
    const rule = { clientId: CLIENT_ID, answerWithoutSwitchboard: false };
    const openTools = async () => ({ tools: fakeTools(), done: DONE, finish });
    const deps = { bot, rule, active: us, conversations, earlier: [], openTools, reading, observe };
    const payload = inConversation(us);
    const created = await dispatchEvent(deps, { type: 'conversation:create', payload });
    expect(created).toEqual({ state: 'ignored', note: 'The bot has no onStart.' });
    const pressed = { ...payload, postback: { payload: 'a' } };
    const postback = await dispatchEvent(deps, { type: 'conversation:postback', payload: pressed });
    expect(postback).toEqual({ state: 'ignored', note: 'The bot has no onPostback.' });
  });

  it('gives a hand-off that failed to onHandOffFailed', async () => {
    const type = 'switchboard:passControl:failure';
    const { called } = await dispatch({ type, payload: inConversation(us) });
    expect(called).toEqual(['onHandOffFailed']);
  });

  it.each(['switchboard:passControl', 'switchboard:releaseControl'] as const)(
    'notes who has control on %s, and stays silent even when it is us',
    async (type) => {
      const all = [
        { active: us, controller: 'this bot' },
        { active: agents, controller: 'the Agent Workspace' },
        { active: undefined, controller: 'nobody' },
      ];
      for (const { active, controller } of all) {
        const { result, called } = await dispatch({ type, payload: inConversation(active) });
        expect(result).toMatchObject({ state: 'ignored', note: `Control is with ${controller}.` });
        expect(called).toEqual([]);
      }
    },
  );

  it.each(['business', 'a kind of author of next year'])(
    'ignores a message by %s, in control or not',
    async (author) => {
      for (const active of [us, agents, null]) {
        const { result, called } = await dispatch(messageOf(author, active), {
          withoutSwitchboard: true,
        });
        expect(result).toMatchObject({ state: 'ignored', note: 'Written by the business side.' });
        expect(called).toEqual([]);
      }
    },
  );

  it('ignores everything while somebody else is in control, and says who', async () => {
    const payload = inConversation(agents);
    const events: ConversationEvent[] = [
      messageOf('user', agents),
      { type: 'conversation:create', payload },
      { type: 'conversation:postback', payload: { ...payload, postback: { payload: 'a' } } },
      { type: 'switchboard:passControl:failure', payload },
    ];
    for (const event of events) {
      const { result, called } = await dispatch(event, { withoutSwitchboard: true });
      expect(result.state).toBe('ignored');
      expect(result.note).toContain('the Agent Workspace');
      expect(called).toEqual([]);
    }
  });

  it('answers with nobody in control only when told to', async () => {
    const silent = await dispatch(messageOf('user', null));
    expect(silent.called).toEqual([]);
    expect(silent.result.note).toContain('nobody is in control');
    const talking = await dispatch(messageOf('user', null), { withoutSwitchboard: true });
    expect(talking.called).toEqual(['onMessage']);
  });
});

describe('a handler', () => {
  async function runWith(onMessage: Bot['onMessage'], done: Partial<typeof DONE> = {}) {
    const noop = async () => {};
    const bot = { onMessage, onPostback: noop, onStart: noop, onHandOffFailed: noop };
    const rule = { clientId: CLIENT_ID, answerWithoutSwitchboard: false };
    const openTools = async () => ({ tools: fakeTools(), done: { ...DONE, ...done }, finish });
    const deps = { bot, rule, active: us, conversations, earlier: [], openTools, reading, observe };
    return dispatchEvent(deps, messageOf('user'));
  }

  it('that handed over is noted as such', async () => {
    expect(await runWith(async () => {}, { handedOff: true, replies: 2 })).toEqual({
      state: 'done',
      note: 'Message answered: 2 replies, handed over',
      controller: 'handed over',
    });
  });

  it('that ended the conversation is noted as such', async () => {
    expect(await runWith(async () => {}, { ended: true })).toEqual({
      state: 'done',
      note: 'Message answered: 1 reply, ended',
      controller: 'nobody',
    });
  });

  it('that lost control midway leaves an ignored event', async () => {
    const rule = { clientId: CLIENT_ID, answerWithoutSwitchboard: false };
    const result = await runWith(async () => {
      throw new ControlLostError({ integrationType: 'zd:answerBot' }, rule);
    });
    expect(result.state).toBe('ignored');
    expect(result.note).toContain('zd:answerBot');
  });

  it('that throws anything else fails the attempt', async () => {
    const bug = new Error('a bug');
    await expect(runWith(() => Promise.reject(bug))).rejects.toBe(bug);
  });
});
