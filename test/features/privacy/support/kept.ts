import { expect } from 'vitest';
import { CLIENT_ID } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { DAY_MS, MINUTE_MS, type Stage } from './stage.ts';

export type Promises = Record<string, (stage: Stage) => Promise<void>>;

/** Removes the account as its owner does, and expects that what was stored goes with it. */
async function expectUntilRemoval(stage: Stage, texts: string[]): Promise<void> {
  await stage.laterBy(400 * DAY_MS);
  const all = await stage.readAll();
  for (const text of texts) expect(all, text).toContain(text);
  await stage.shop.stores.installations.remove(stage.id, { kind: 'removed', text: 'Gone.' });
  await stage.expectGone(...texts);
}

/** What is stored, and for how long. */
export const kept: Promises = {
  'Your Zendesk account’s name, subdomain and ids: Until removal': async (stage) => {
    const { appId } = stage.shop.zendesk.accounts().find(({ slug }) => slug === 'acme') ?? {};
    await expectUntilRemoval(stage, ['Acme Outdoor', '"acme"', String(appId)]);
  },

  'The access token and the webhook secrets, encrypted: Until removal': async (stage) => {
    const [installed] = stage.shop.zendesk.installations();
    const secrets = [
      ...(installed?.accessTokens ?? []),
      ...(installed?.webhooks.map(({ secret }) => secret) ?? []),
    ];
    expect(secrets).toHaveLength(2);
    await stage.expectGone(...secrets);
    await expectUntilRemoval(stage, ['access_token', 'webhook_secret']);
  },

  'Connections to other services: names, who gave access, and the credentials, encrypted: Until they are deleted, at the latest until removal':
    async (stage) => {
      await stage.connect({ name: 'The sales connection' });
      await stage.connectServer({ name: 'Another one' });
      await stage.expectGone('secret-of-the-zoom-app');
      await stage.press('Another one', 'delete');
      const left = await stage.shop.stores.connections.list(stage.id);
      expect(left.map(({ name }) => name)).toEqual(['The sales connection']);
      await stage.shop.stores.installations.remove(stage.id, { kind: 'removed', text: 'Gone.' });
      await stage.expectGone('The sales connection');
    },

  'Events that the bot works on, with the customer’s messages in them: 7 days after they were handled; 30 days, if that failed':
    async (stage) => {
      const { zendesk } = stage.shop;
      zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 423 });
      expect(await stage.say('a word that fails')).toMatchObject({ state: 'failed' });
      const other = zendesk.createConversation({ account: 'acme' });
      const answered = await stage.say('a word that is answered', other.conversationId);
      expect(answered).toMatchObject({ state: 'done' });
      await stage.expectKeptFor(7 * DAY_MS, 'a word that is answered');
      await stage.expectKeptFor(23 * DAY_MS - MINUTE_MS, 'a word that fails');
    },

  'What events say that the bot leaves alone: messages after a hand-off, of your agents, and its own: Not at all':
    async (stage) => {
      const { zendesk, stores } = stage.shop;
      await stage.say('agent');
      const handedOff = await stage.say('a word for the agent');
      expect(handedOff).toMatchObject({ state: 'ignored', payload: null });
      zendesk.agentReply({
        conversationId: stage.customer.conversationId,
        text: 'a word of the agent',
      });
      await zendesk.settled();
      await waitUntil('traces are written', async () =>
        (await stores.traces.list(stage.id, { limit: 10 })).some(
          ({ title }) => title === 'A message',
        ),
      );
      await stage.expectGone('a word for the agent', 'a word of the agent');
      const rows = await stage.shop.database.kysely.selectFrom('events').selectAll().execute();
      const echoes = rows.filter(({ note }) => note === 'Written by the business side.');
      expect(echoes.length).toBeGreaterThan(1);
      for (const { payload } of echoes) expect(payload).toBeNull();
      for (const { note, state } of rows) if (state === 'ignored') expect(note).not.toBeNull();
    },

  'That an event arrived and what became of it, without the message: 90 days': async (stage) => {
    const { event_id: eventId } = await stage.say('Hello?');
    await stage.laterBy(8 * DAY_MS);
    expect(await stage.readEvent(eventId)).toMatchObject({ state: 'done', payload: null });
    await stage.expectKeptFor(82 * DAY_MS, eventId);
  },

  'Which conversations the bot took part in, and who is in control of them: 90 days after the last event':
    async (stage) => {
      const { conversationId, userId } = stage.customer;
      await stage.say('Hello?');
      await stage.laterBy(50 * DAY_MS);
      await stage.say('Still there?');
      const found = await stage.shop.stores.conversations.find(stage.id, conversationId);
      expect(found).toMatchObject({ controller: CLIENT_ID, user_id: userId });
      await stage.expectKeptFor(90 * DAY_MS, conversationId);
    },

  'How each event was handled: the calls to Zendesk with what they said, without tokens and secrets: 7 days, and the newest 200 per account':
    async (stage) => {
      const { stores, zendesk } = stage.shop;
      await stage.say('a word in a call');
      const [token = ''] = zendesk.installations()[0]?.accessTokens ?? [];
      const traces = async () =>
        JSON.stringify(await stores.traces.list(stage.id, { limit: 1_000 }));
      expect(await traces()).toContain('a word in a call');
      expect(await traces()).not.toContain(token);
      for (let number = 0; number < 210; number++)
        await stores.traces.add({
          installationId: stage.id,
          kind: 'form',
          title: `trace-${number}`,
          steps: [],
        });
      await stage.laterBy(0);
      expect(await stores.traces.list(stage.id, { limit: 1_000 })).toHaveLength(200);
      await stage.expectKeptFor(7 * DAY_MS, 'trace-209');
    },

  'Activity: what the bot did, in a sentence each: 30 days': async (stage) => {
    await stage.say('Hello?');
    await stage.expectKeptFor(30 * DAY_MS, 'Message answered: 1 reply', 'activity');
  },

  'That something was deleted, as a hash that leads to nobody: 30 days': async (stage) => {
    const { userId, conversationId } = stage.customer;
    await stage.say('Hello?');
    await stage.deliver('user:remove', { user: { id: userId } });
    await stage.expectGone(userId, conversationId);
    await stage.expectKeptFor(30 * DAY_MS, 'removed_');
  },
};
