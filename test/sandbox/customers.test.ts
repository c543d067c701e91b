import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, startShop, type Shop } from '../support/start-shop.ts';
import { checkDelivery } from '../support/openapi/check.ts';
import { serve } from '../support/network/serve.ts';

describe('the customers of an account', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await startShop();
    await shop.install();
  });
  afterEach(() => shop.close());

  it('are told of in the words of the API description', async () => {
    const bodies: unknown[] = [];
    async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
      bodies.push(await json(request));
      response.end('{}');
    }
    const hook = await serve((request, response) => void receive(request, response));
    const triggers = ['user:merge', 'user:remove', 'conversation:remove'];
    const at = { account: 'acme', clientId: CLIENT_ID, target: hook.url };
    shop.zendesk.addForeignWebhook({ ...at, triggers });
    const [first, second, third] = [1, 2, 3].map(() =>
      shop.zendesk.createConversation({ account: 'acme' }),
    );
    if (!first || !second || !third) throw new Error('There are three customers');
    shop.zendesk.mergeUsers({ surviving: second.userId, discarded: first.userId });
    shop.zendesk.removeUser(second.userId);
    shop.zendesk.removeConversation(third.conversationId);
    await shop.zendesk.settled();
    expect(bodies).toHaveLength(3);
    for (const body of bodies) expect(() => checkDelivery(body)).not.toThrow();
    hook.close();
  });
});
