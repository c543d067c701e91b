import { describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { repliesIn, startShop } from '../../support/start-shop.ts';
import { readDatabase } from '../../support/secrets/tell-secrets.ts';
import { waitUntil } from '../../support/wait-until.ts';

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
