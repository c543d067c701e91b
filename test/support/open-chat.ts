import type { Bot } from '../../server/runtime/types.ts';
import { randomUUID } from 'node:crypto';
import { CLIENT_ID, repliesIn, startShop, type ShopOptions } from './start-shop.ts';
import { waitUntil } from './wait-until.ts';

/** A customer in front of a bot that is installed and in control, and greets nobody by itself. */
export async function openChat(bot: Partial<Bot>, options: Omit<ShopOptions, 'bot'> = {}) {
  const shop = await startShop({ ...options, bot: { onStart: async () => {}, ...bot } });
  const { id } = await shop.install();
  const { conversationId, userId } = shop.zendesk.createConversation({ account: 'acme' });
  const newest = () =>
    shop.database.kysely
      .selectFrom('events')
      .select(({ fn }) => fn.max('seq').as('seq'))
      .executeTakeFirst();
  return {
    shop,
    zendesk: shop.zendesk,
    installationId: id,
    conversationId,
    userId,

    /** The customer says something; returns the stored event once it was dealt with. */
    async say(text = 'Hello?') {
      const before = (await newest())?.seq ?? 0;
      shop.zendesk.sendCustomerMessage({ conversationId, text });
      return waitUntil('the message was dealt with', () =>
        shop.database.kysely
          .selectFrom('events')
          .selectAll()
          .where('type', '=', 'conversation:message')
          .where('state', 'in', ['done', 'ignored', 'failed'])
          // What the bot wrote comes back as an event too, and is ignored unread.
          .where('attempts', '>', 0)
          .where('seq', '>', before)
          .orderBy('seq')
          .executeTakeFirst(),
      );
    },

    /**
     * Zendesk tells what happened in the conversation: the payload without the conversation, unless that is
     * to say something else. Answers the stored event once it was dealt with.
     */
    async tell(type: string, payload: object = {}) {
      const eventId = randomUUID();
      const conversation = shop.zendesk.conversation(conversationId);
      const event = { id: eventId, type, createdAt: '', payload: { conversation, ...payload } };
      await shop.zendesk.deliver({ account: 'acme', clientId: CLIENT_ID, events: [event] });
      return waitUntil(`${type} was dealt with`, () =>
        shop.database.kysely
          .selectFrom('events')
          .selectAll()
          .where('event_id', '=', eventId)
          .where('state', 'in', ['done', 'ignored', 'failed'])
          .executeTakeFirst(),
      );
    },

    /** What the bot wrote, oldest first. */
    replies: () => repliesIn(shop, conversationId),
    callsOf: (operation: string) =>
      shop.zendesk.calls.filter((call) => call.operation === operation),
  };
}

export type Chat = Awaited<ReturnType<typeof openChat>>;
