import { afterEach, describe, expect, it } from 'vitest';
import type { KnownCustomer } from '../../server/runtime/types.ts';
import { openChat, type Chat } from '../support/open-chat.ts';
import { CLIENT_ID } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

describe('the customer of a message', () => {
  it('is named by the event, without a call', async () => {
    let seen: Partial<KnownCustomer> = {};
    let where: unknown;
    chat = await openChat({
      onMessage: async ({ customer, conversation }) => {
        seen = customer;
        where = conversation;
      },
    });
    const { shop, zendesk } = chat;
    const at = { account: 'acme', userExternalId: 'jane-1' };
    const { conversationId, userId } = zendesk.createConversation(at);
    zendesk.sendCustomerMessage({ conversationId, text: 'Hello?' });
    await waitUntil('the message was handled', () => where);
    expect(seen).toMatchObject({ id: userId, externalId: 'jane-1' });
    expect(where).toEqual({ id: conversationId, channel: expect.any(String), metadata: {} });
    const stored = await waitUntil('the event was settled', () =>
      shop.stores.conversations.find(chat.installationId, conversationId),
    );
    expect(stored.user_id).toBe(userId);
    expect(chat.callsOf('GetUser')).toEqual([]);
  });

  it('is asked for where the event names nobody and nothing is known any more', async () => {
    const seen: string[] = [];
    chat = await openChat({ onHandOffFailed: async ({ customer }) => void seen.push(customer.id) });
    const { zendesk, conversationId } = chat;
    const { kysely } = chat.shop.database;
    await waitUntil('the conversation is known', () =>
      chat.shop.stores.conversations.find(chat.installationId, conversationId),
    );
    await kysely.deleteFrom('conversations').execute();
    const event = zendesk.buildMessageEvent({ conversationId, text: 'x' });
    const failure = {
      ...event,
      id: 'a failure',
      type: 'switchboard:passControl:failure',
      payload: { conversation: zendesk.conversation(conversationId) },
    };
    const at = { account: 'acme', clientId: CLIENT_ID };
    expect(await zendesk.deliver({ ...at, events: [failure] })).toBe(200);
    await waitUntil('the failure was handled', () => seen.length > 0);
    expect(seen).toEqual([chat.userId]);
    expect(chat.callsOf('ListParticipants')).toHaveLength(1);
    // So that the conversation is deleted with him.
    await waitUntil('it is known whose the conversation is', async () => {
      const known = await chat.shop.stores.conversations.find(chat.installationId, conversationId);
      return known?.user_id === chat.userId;
    });
  });
});
