import type { Bot, IncomingMessage, Metadata, OnMessage } from '../../server/runtime/types.ts';
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

  /** The customer does something that makes a message; returns the stored event once it was dealt with. */
  async function send(act: () => void) {
    const before = (await newest())?.seq ?? 0;
    act();
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
  }

  return {
    shop,
    zendesk: shop.zendesk,
    installationId: id,
    conversationId,
    userId,

    /** The customer says something, with metadata of the page if it sends any. */
    say: (text = 'Hello?', { metadata }: { metadata?: Metadata } = {}) =>
      send(() => shop.zendesk.sendCustomerMessage({ conversationId, text, metadata })),

    sendFile: (file: { name: string; mediaType: string; bytes: Buffer; caption?: string }) =>
      send(() => shop.zendesk.sendFile({ conversationId, ...file })),

    sendLocation: (place: { lat: number; long: number; name?: string; address?: string }) =>
      send(() => shop.zendesk.sendLocation({ conversationId, ...place })),

    /** To the newest form, by the names of its fields. */
    answerForm: (values: Record<string, string>) =>
      send(() => {
        const messages = shop.zendesk.messages(conversationId);
        const form = messages.findLast(({ content }) => content.type === 'form');
        shop.zendesk.answerForm({ conversationId, formId: form?.id ?? '', values });
      }),

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

/** One whose bot keeps what it is sent. */
export async function openKeeper(also: OnMessage = async () => {}) {
  const kept: IncomingMessage[] = [];
  const chat = await openChat({
    async onMessage(context) {
      kept.push(context.message);
      await also(context);
    },
  });
  return { chat, kept };
}

/** What Zendesk delivers when the customer has ended the conversation. */
export const endedByCustomer = (author: object = { type: 'business', subtypes: ['activity'] }) => ({
  message: {
    id: 'ended',
    received: new Date().toISOString(),
    author,
    content: { type: 'text', text: 'The customer ended the conversation' },
    activity: { type: 'conversation:endedByUser', data: {} },
    source: { type: 'web' },
  },
});
