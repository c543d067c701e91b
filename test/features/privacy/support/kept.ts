import { expect } from 'vitest';
import { CLIENT_ID } from '../../../support/start-shop.ts';
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
      const { zendesk } = stage.shop;
      await stage.say('agent');
      const handedOff = await stage.say('a word for the agent');
      expect(handedOff).toMatchObject({ state: 'ignored', payload: null });
      zendesk.agentReply({
        conversationId: stage.customer.conversationId,
        text: 'a word of the agent',
      });
      await zendesk.settled();
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
};
