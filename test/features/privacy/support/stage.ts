import { expect } from 'vitest';
import { createClock } from '../../../support/clock.ts';
import type { Engine } from '../../../../server/store/engines/database.ts';
import { readWholeDatabase } from '../../../support/store/read-whole-database.ts';
import { CLIENT_ID, startShop } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** An account with the bot, a customer in front of it, and a clock that can be moved. */
export async function openStage(engine: Engine) {
  const clock = createClock(Date.now());
  const shop = await startShop({ engine, now: clock.now });
  const { browser, id, statusUrl } = await shop.install();
  const { zendesk, database } = shop;
  const customer = zendesk.createConversation({ account: 'acme' });

  /** Every row of every table, or of one. */
  async function readAll(only?: string): Promise<string> {
    const rows = await readWholeDatabase(database);
    return JSON.stringify(rows.filter(({ table }) => only === undefined || table === only));
  }
  await waitUntil('the customer was greeted', () =>
    shop.notes.latest(id, 10).some(({ kind }) => kind === 'conversation:create'),
  );

  const readEvent = (eventId: string) =>
    database.kysely
      .selectFrom('events')
      .selectAll()
      .where('installation_id', '=', id)
      .where('event_id', '=', eventId)
      .executeTakeFirst();

  return {
    shop,
    browser,
    id,
    statusUrl,
    close: () => shop.close(),
    clock,
    customer,
    readAll,
    readEvent,

    /** The customer says something; returns the stored event once it was dealt with. */
    async say(text: string, conversationId = customer.conversationId) {
      const event = zendesk.buildMessageEvent({ conversationId, text });
      await zendesk.deliver({ account: 'acme', clientId: CLIENT_ID, events: [event] });
      return waitUntil('the message was dealt with', async () => {
        const found = await readEvent(event.id);
        return found !== undefined && !['waiting', 'working'].includes(found.state)
          ? { ...found, delivered: event }
          : undefined;
      });
    },

    /** Delivers an event of Zendesk’s; returns it once it was dealt with, or was not stored at all. */
    async deliver(type: string, payload: object, eventId = `event-${Math.random()}`) {
      const event = { id: eventId, type, createdAt: new Date().toISOString(), payload };
      const status = await zendesk.deliver({
        account: 'acme',
        clientId: CLIENT_ID,
        events: [event],
      });
      expect(status).toBe(200);
      return waitUntil('the event was dealt with', async () => {
        const found = await readEvent(eventId);
        return found === undefined || !['waiting', 'working'].includes(found.state)
          ? { found }
          : undefined;
      });
    },

    /** What runs every hour runs at every start as well. */
    async laterBy(ms: number): Promise<void> {
      clock.advance(ms);
      await shop.restart();
    },

    /** That the text is stored up to that time, and is gone a moment after. */
    async expectKeptFor(ms: number, text: string, only?: string): Promise<void> {
      expect(await readAll(only), text).toContain(text);
      clock.advance(ms - MINUTE_MS);
      await shop.restart();
      expect(await readAll(only), `${text}, before its time`).toContain(text);
      clock.advance(2 * MINUTE_MS);
      await shop.restart();
      expect(await readAll(only), `${text}, after its time`).not.toContain(text);
    },

    async expectGone(...texts: string[]): Promise<void> {
      const all = await readAll();
      for (const text of texts) expect(all, text).not.toContain(text);
    },
  };
}
