import { describe, expect, it } from 'vitest';
import { engines } from '../support/engines.ts';
import { repliesIn, startShop } from '../support/start-shop.ts';
import { expectNone, readDatabase, tellSecrets } from '../support/tell-secrets.ts';
import { waitUntil } from '../support/wait-until.ts';

describe.each(engines)('secrets on %s', (engine) => {
  it('are in no log line, no page, and (in clear) nowhere in the database', async () => {
    const { shop, secrets, pages } = await tellSecrets({ engine });
    try {
      expect(shop.printed.length).toBeGreaterThan(10);
      const stored = await readDatabase(shop);
      expect(stored.includes('Acme Outdoor'), 'the database was read').toBe(true);
      expectNone(secrets, {
        log: shop.printed.join(''),
        pages: pages.join(''),
        database: stored,
      });
    } finally {
      await shop.close();
    }
  });
});

describe.each(engines)('what was deleted, on %s,', (engine) => {
  it('is in no row and no byte of the files any more: a customer’s words, then the account’s', async () => {
    const shop = await startShop({ engine });
    try {
      const { id } = await shop.install();
      const [jane, john] = [1, 2].map(() => shop.zendesk.createConversation({ account: 'acme' }));
      if (!jane || !john) throw new Error('There are two customers');
      const words = { jane: 'the words of jane', john: 'the words of john' };
      for (const [name, { conversationId }] of Object.entries({ jane, john })) {
        shop.zendesk.sendCustomerMessage({ conversationId, text: `the words of ${name}` });
        await waitUntil('the bot answered', () => repliesIn(shop, conversationId).length > 1);
      }
      await shop.zendesk.settled();

      shop.zendesk.removeUser(jane.userId);
      const isForgotten = async () =>
        (await shop.stores.conversations.find(id, jane.conversationId)) === undefined &&
        shop.notes.latest(id, 1)[0]?.kind === 'privacy';
      await waitUntil('Jane is forgotten', isForgotten);
      await waitUntil('her words are gone', async () => {
        const stored = await readDatabase(shop);
        return [words.jane, jane.userId, jane.conversationId].every(
          (text) => !stored.includes(text),
        );
      });
      expect(await readDatabase(shop)).toContain(words.john);

      await shop.stores.installations.remove(id, { kind: 'removed', text: 'Gone.' });
      const left = await readDatabase(shop);
      for (const text of [words.john, john.userId, 'Acme Outdoor'])
        expect(left.includes(text), text).toBe(false);
    } finally {
      await shop.close();
    }
  });
});

describe('the log', () => {
  it('has no word of what customers and the bot say', async () => {
    const shop = await startShop({ bot: { onMessage: ({ reply }) => reply('An unusual answer') } });
    try {
      await shop.install();
      const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
      shop.zendesk.sendCustomerMessage({ conversationId, text: 'An unusual question' });
      await waitUntil('the answer', () =>
        JSON.stringify(shop.zendesk.messages(conversationId)).includes('An unusual answer'),
      );
      await shop.zendesk.settled();
      expect(shop.printed.join('')).not.toContain('unusual');
    } finally {
      await shop.close();
    }
  });
});
