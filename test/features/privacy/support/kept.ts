import { expect } from 'vitest';
import { DAY_MS, type Stage } from './stage.ts';

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

  'The content of events that the bot leaves alone: messages after a hand-off, those of your agents, and its own: Not at all':
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
};
