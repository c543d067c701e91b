import { describe, expect, it } from 'vitest';
import { engines } from '../support/store/engines.ts';
import { startShop } from '../support/start-shop.ts';
import { expectNone, readDatabase, tellSecrets } from '../support/secrets/tell-secrets.ts';
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
