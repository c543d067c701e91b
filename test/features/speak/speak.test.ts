import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Routes, WakeData } from '../../../server/runtime/types.ts';
import { engines } from '../../support/store/engines.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { openAlarmChat, type AlarmChat } from './support/open-alarm-chat.ts';
import { postJson, shipped } from './support/post-json.ts';

const Said = z.object({ conversationId: z.string() });
const Participants = z.object({
  participants: z.array(z.object({ clientAssociations: z.array(z.object({ type: z.string() })) })),
});

/** A route that passes on what it is sent. */
const Body = z.object({
  to: z.union([z.object({ conversationId: z.string() }), z.object({ externalId: z.string() })]),
  key: z.string(),
  data: z.custom<WakeData>(),
});
const routes: Routes = (router, { speak, installations }) => {
  router.post('/say', async (request, response) => {
    const { to, ...what } = Body.parse(request.body);
    const [installation] = await installations.list();
    response.json(await speak(installation ?? { id: 'none' }, to, what));
  });
  router.post('/find', async (request, response) => {
    const { subdomain } = z.object({ subdomain: z.string() }).parse(request.body);
    response.json({ found: (await installations.find({ subdomain })) ?? null });
  });
};

describe.each(engines)('speak on %s', (engine) => {
  let chat: AlarmChat;
  beforeEach(async () => {
    chat = await openAlarmChat(engine, async () => {}, { routes });
    await chat.say();
  });
  afterEach(() => chat.shop.close());

  const say = (what: object) => postJson(`${chat.shop.url}/bot/say`, { ...shipped, ...what });
  const customersWords = (conversationId: string) =>
    chat.zendesk
      .messages(conversationId)
      .flatMap(({ content }) => ('text' in content ? [String(content.text)] : []));

  it('says something in a conversation, once for each key, and answers each time the same', async () => {
    const to = { conversationId: chat.conversationId };
    const all = await Promise.all([say({ to }), say({ to }), say({ to })]);
    all.push(await say({ to, data: 'something else' }));
    for (const { status, body } of all) expect({ status, body }).toEqual({ status: 200, body: to });
    await chat.listWoken(1);
    await say({ to, key: 'another' });
    expect(await chat.listWoken(2)).toMatchObject([{ state: 'done' }, { state: 'done' }]);
    expect(chat.replies()).toEqual(['"Shipped."', '"Shipped."']);
  });

  it.each(['odd\0', '\ud800'])('finds nothing under %j, which no database takes', async (id) => {
    for (const to of [{ conversationId: id }, { externalId: id }])
      expect(await say({ to })).toMatchObject({
        status: 404,
        body: { error: { code: 'id_empty' } },
      });
    const found = await postJson(`${chat.shop.url}/bot/find`, { subdomain: id });
    expect(found).toMatchObject({ status: 200, body: { found: null } });
  });

  it('finds a customer by his external id, in the conversation that was used last', async () => {
    const open = () =>
      chat.zendesk.createConversation({ account: 'acme', userExternalId: 'jane' }).conversationId;
    const [first, second] = [open(), open()];
    const opened = Date.now();
    await waitUntil('it is a moment later', () => Date.now() > opened);
    chat.zendesk.sendCustomerMessage({ conversationId: first, text: 'Hello again?' });
    const { body } = await say({ to: { externalId: 'jane' } });
    expect(body).toEqual({ conversationId: first });
    await chat.listWoken(1);
    expect(customersWords(first)).toContain('"Shipped."');
    expect(customersWords(second)).toEqual([]);
  });

  it('asks Zendesk whose conversation it is when nothing is known of it here', async () => {
    const jane = { account: 'acme', userExternalId: 'jane' };
    const { conversationId, userId } = chat.zendesk.createConversation(jane);
    const { conversations } = chat.shop.stores;
    await waitUntil('it is known', () => conversations.find(chat.installationId, conversationId));
    await chat.shop.database.kysely.deleteFrom('conversations').execute();
    const to = { conversationId };
    expect(await say({ to })).toMatchObject({ status: 200, body: to });
    const [woken] = await chat.listWoken(1);
    const user = { id: userId, externalId: 'jane' };
    expect(JSON.parse(woken?.payload ?? '')).toMatchObject({ payload: { user } });
    expect(customersWords(conversationId)).toContain('"Shipped."');
  });

  it('opens one conversation for a customer who has none, however often and at once it is asked', async () => {
    await chat.callZendesk('POST', '/users', { externalId: 'jane' });
    const to = { externalId: 'jane' };
    const all = await Promise.all(['a', 'b', 'c'].map((key) => say({ to, key })));
    const ids = new Set(all.map(({ body }) => Said.parse(body).conversationId));
    expect(ids.size).toBe(1);
    await chat.listWoken(3);
    expect(customersWords([...ids][0] ?? '')).toEqual(Array(3).fill('"Shipped."'));
    expect(chat.callsOf('CreateConversation')).toHaveLength(1);
  });

  it('lets the customer hear at once of the conversation that it opens', async () => {
    await chat.callZendesk('POST', '/users', { externalId: 'jane' });
    const { conversationId } = Said.parse((await say({ to: { externalId: 'jane' } })).body);
    const path = `/conversations/${conversationId}/participants`;
    const [participant] = Participants.parse(await chat.callZendesk('GET', path)).participants;
    expect(participant?.clientAssociations).toMatchObject([{ type: 'sdk' }]);
  });

  it('opens one conversation although the answer to that was lost', async () => {
    await chat.callZendesk('POST', '/users', { externalId: 'jane' });
    chat.zendesk.armFault({ kind: 'dropAnswer', operation: 'CreateConversation' });
    const to = { externalId: 'jane' };
    const lost = await say({ to });
    expect(lost).toMatchObject({ status: 503, body: { error: { code: 'zendesk_unavailable' } } });
    expect(lost.retryAfter).toBe('1');
    expect((await say({ to })).status).toBe(200);
    await chat.listWoken(1);
    expect(chat.callsOf('CreateConversation')).toHaveLength(1);
  });

  it('says nothing over an agent', async () => {
    chat.zendesk.takeOver(chat.conversationId);
    await say({ to: { conversationId: chat.conversationId } });
    const note = 'Not this bot but the Agent Workspace is in control.';
    expect(await chat.listWoken(1)).toMatchObject([{ state: 'ignored', note }]);
  });
});

describe('speak refuses', () => {
  let chat: AlarmChat;
  beforeEach(async () => {
    chat = await openAlarmChat('sqlite', async () => {}, { routes });
    await chat.say();
  });
  afterEach(() => chat.shop.close());
  const say = (what: object) => postJson(`${chat.shop.url}/bot/say`, { ...shipped, ...what });
  const stored = () => chat.shop.database.kysely.selectFrom('events').selectAll().execute();

  it.each([
    ['a customer', { externalId: 'nobody' }, 'customer_unknown'],
    ['an id that is empty', { externalId: '' }, 'id_empty'],
    ['an id that leads elsewhere', { conversationId: '..' }, 'id_empty'],
    ['a conversation', { conversationId: '0123456789abcdef01234567' }, 'conversation_unknown'],
  ])('%s that Zendesk does not know, and stores nothing', async (_what, to, code) => {
    const before = await stored();
    expect(await say({ to })).toMatchObject({ status: 404, body: { error: { code } } });
    expect(await stored()).toEqual(before);
  });

  it('a customer by the id that Zendesk has of him: somebody may have that as an external id', async () => {
    const { userId } = chat.zendesk.createConversation({ account: 'acme' });
    const error = { code: 'customer_unknown' };
    expect(await say({ to: { externalId: userId } })).toMatchObject({
      status: 404,
      body: { error },
    });
  });

  it('an account without the bot', async () => {
    await chat.shop.stores.installations.setStatus(chat.installationId, ['active'], 'revoked');
    expect(await say({ to: { conversationId: chat.conversationId } })).toMatchObject({
      status: 409,
      body: { error: { code: 'installation_not_active' } },
    });
  });

  it('an account whose token is being checked, but only for the moment', async () => {
    await chat.shop.stores.installations.setStatus(chat.installationId, ['active'], 'checking');
    expect(await say({ to: { conversationId: chat.conversationId } })).toMatchObject({
      status: 503,
      retryAfter: '1',
      body: { error: { code: 'zendesk_unavailable' } },
    });
  });

  it('what Zendesk refuses, with a status that says whose fault it is not', async () => {
    chat.zendesk.armFault({ kind: 'answer', operation: 'GetUser', status: 403 });
    expect(await say({ to: { externalId: 'jane' } })).toMatchObject({
      status: 502,
      body: { error: { code: 'zendesk_refused' } },
    });
  });

  it('to say where something was said once the customer was deleted', async () => {
    const to = { conversationId: chat.conversationId };
    await say({ to });
    await chat.listWoken(1);
    const removed = { conversation: { id: chat.conversationId } };
    await chat.tell('conversation:remove', removed);
    expect(await say({ to })).toMatchObject({ status: 200, body: {} });
    expect(chat.replies()).toEqual(['"Shipped."']);
  });
});
