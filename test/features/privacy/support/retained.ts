import { expect } from 'vitest';
import { CLIENT_ID } from '../../../support/start-shop.ts';
import type { Promises } from './kept.ts';
import { DAY_MS, MINUTE_MS } from './stage.ts';

/** How long what customers wrote is stored, and that they did. */
export const retained: Promises = {
  'Events that the bot works on, with the customer’s messages in them: 7 days after they were handled; 30 days, if that failed':
    async (stage) => {
      const { zendesk } = stage.shop;
      zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 423 });
      expect(await stage.say('a word that fails')).toMatchObject({ state: 'failed' });
      const other = zendesk.createConversation({ account: 'acme' });
      const answered = await stage.say('a word that is answered', other.conversationId);
      expect(answered).toMatchObject({ state: 'done' });
      await stage.expectKeptFor(7 * DAY_MS, 'a word that is answered');
      await stage.expectKeptFor(23 * DAY_MS - MINUTE_MS, 'a word that fails');
    },

  'That an event arrived and what became of it, without the message: 90 days': async (stage) => {
    const { event_id: eventId } = await stage.say('Hello?');
    await stage.laterBy(8 * DAY_MS);
    expect(await stage.readEvent(eventId)).toMatchObject({ state: 'done', payload: null });
    await stage.expectKeptFor(82 * DAY_MS, eventId);
  },

  'Which conversations the bot took part in, and who is in control of them: 90 days after the last event':
    async (stage) => {
      const { conversationId, userId } = stage.customer;
      await stage.say('Hello?');
      await stage.laterBy(50 * DAY_MS);
      await stage.say('Still there?');
      const found = await stage.shop.stores.conversations.find(stage.id, conversationId);
      expect(found).toMatchObject({ controller: CLIENT_ID, user_id: userId });
      await stage.expectKeptFor(90 * DAY_MS, conversationId);
    },
};
