import { expect } from 'vitest';
import type { Bot, OnMessage } from '../../../../server/runtime/types.ts';
import type { Engine } from '../../../../server/store/engines/database.ts';
import { createClock } from '../../../support/clock.ts';
import { openChat } from '../../../support/open-chat.ts';
import { waitUntil } from '../../../support/wait-until.ts';

export const WAIT = 1_000;

export const echo: OnMessage = ({ message, earlier, reply }) =>
  reply([...earlier, message].map(({ text }) => text).join('+'));

export type Burst = Awaited<ReturnType<typeof openBurst>>;

/** A bot that waits a second for more, on a clock that stands still, and says what it answers. */
export async function openBurst(engine: Engine, bot: Partial<Bot> = {}) {
  const clock = createClock();
  const chat = await openChat(
    { waitForMore: WAIT, onMessage: echo, ...bot },
    { engine, now: clock.now },
  );
  const rows = () =>
    chat.shop.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('type', 'in', ['conversation:message', 'conversation:postback'])
      .where('note', 'is distinct from', 'Written by the business side.')
      .orderBy('seq')
      .execute();
  return {
    chat,
    clock,
    /** What the customer said and did, as it is stored. */
    rows,

    /** Which events are answered with which, by their ids. */
    stored: () => chat.shop.database.kysely.selectFrom('burst_messages').selectAll().execute(),

    async say(text: string, pauseMs = 0): Promise<void> {
      clock.advance(pauseMs);
      const before = (await rows()).length;
      chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text });
      await waitUntil(`“${text}” is stored`, async () => (await rows()).length > before);
    },

    settled: (...states: string[]) =>
      waitUntil(`they are ${states.join()}`, async () => {
        const found = await rows();
        return found.map(({ state }) => state).join() === states.join() ? found : undefined;
      }),

    async isAnswered(...replies: string[]): Promise<void> {
      await waitUntil('it is answered', () => chat.replies().length === replies.length);
      expect(chat.replies()).toEqual(replies);
    },
  };
}
