import type { Tools } from '../../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../../support/open-chat.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { remembering, type Remembering } from './keys.ts';

type Step = (tools: Remembering<Tools>, chat: Chat) => Promise<unknown>;

/**
 * A customer who writes a message for each step, which is the handler of that message. Returns what the steps
 * returned, as the bot said it.
 */
export async function talk(...steps: Step[]): Promise<{ chat: Chat; seen: unknown[] }> {
  const left = [...steps];
  const chat: Chat = await openChat({
    onMessage: remembering(async (tools) => {
      const value = await left.shift()?.(tools, chat);
      await tools.reply(JSON.stringify(value ?? 'nothing'));
    }),
  });
  const { zendesk, conversationId } = chat;
  for (const number of steps.keys()) {
    zendesk.sendCustomerMessage({ conversationId, text: `message ${number}` });
    await waitUntil('the bot replies', () => chat.replies().length > number);
  }
  return { chat, seen: chat.replies().map((reply): unknown => JSON.parse(reply)) };
}

/** What the database has, whatever a handler sees. */
export async function readStored(
  chat: Chat,
  table: 'conversation_memory' | 'customer_memory',
): Promise<unknown[]> {
  const rows = await chat.shop.database.kysely.selectFrom(table).selectAll().execute();
  return rows.map(({ value }): unknown => JSON.parse(value));
}
