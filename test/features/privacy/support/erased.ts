import { expect } from 'vitest';
import { removalSources } from '../../../../server/features/erasure/removals.ts';
import { markRestored } from '../../../../server/commands/restore/mark-restored.ts';
import { repliesIn } from '../../../support/start-shop.ts';
import type { Promises } from './kept.ts';
import { DAY_MS } from './stage.ts';
import { rememberConversation } from '../../../support/store/remember-conversation.ts';

/** What Zendesk deletes is deleted here too. */
export const erased: Promises = {
  'That something was deleted, as a hash that leads to nobody: 30 days': async (stage) => {
    const { userId, conversationId } = stage.customer;
    await stage.say('Hello?');
    await stage.deliver('user:remove', { user: { id: userId } });
    await stage.expectGone(userId, conversationId);
    await stage.expectKeptFor(30 * DAY_MS, 'removed_');
  },

  'When Zendesk says that one of your customers was deleted, that customer’s conversations, messages and the activity about them are deleted here too, with those of customers who were merged into that one.':
    async (stage) => {
      const { zendesk } = stage.shop;
      const merged = zendesk.createConversation({ account: 'acme' });
      const other = zendesk.createConversation({ account: 'acme' });
      await stage.say('a private matter');
      await stage.say('another private matter', merged.conversationId);
      await stage.say('what somebody else said', other.conversationId);
      const [discarded, surviving] = [{ id: merged.userId }, { id: stage.customer.userId }];
      await stage.deliver('user:merge', { mergedUsers: { surviving, discarded }, reason: 'api' });
      await stage.deliver('user:remove', { user: surviving });
      await stage.expectGone('private matter', discarded.id, surviving.id);
      await stage.expectGone(merged.conversationId, stage.customer.conversationId);
      expect(await stage.readAll()).toContain('what somebody else said');
    },

  'When Zendesk says that a conversation was deleted, everything of it is deleted here too.':
    async (stage) => {
      const { conversationId: id } = stage.customer;
      await stage.say('a private matter');
      await stage.deliver('conversation:remove', { conversation: { id, type: 'personal' } });
      await stage.expectGone('a private matter', id);
    },

  'What arrives late of a customer who was deleted is not stored and not answered.': async (
    stage,
  ) => {
    const { userId, conversationId } = stage.customer;
    const { delivered } = await stage.say('a private matter');
    await stage.deliver('user:remove', { user: { id: userId } });
    const answers = repliesIn(stage.shop, conversationId).length;
    const rows = () => stage.shop.database.kysely.selectFrom('events').selectAll().execute();
    const before = (await rows()).length;
    await stage.deliver(delivered.type, Object(delivered.payload), delivered.id);
    const { found } = await stage.deliver(delivered.type, Object(delivered.payload));
    expect(found).toBeUndefined();
    await stage.shop.zendesk.settled();
    expect(await rows()).toHaveLength(before);
    expect(repliesIn(stage.shop, conversationId)).toHaveLength(answers);
    await stage.expectGone('a private matter', userId, conversationId);
  },

  'A backup that is put back within 30 days does not bring back what was deleted since.': async (
    stage,
  ) => {
    const { userId, conversationId } = stage.customer;
    const { event_id: eventId, conversation_key: key } = await stage.say('Hello?');
    await stage.deliver('user:remove', { user: { id: userId } });
    const log = stage.shop.printed.join('');
    // As a backup from before would have it.
    const { kysely } = stage.shop.database;
    await kysely.deleteFrom('removals').execute();
    const row = { conversation_key: key, payload: '"a private matter"', state: 'done' as const };
    await kysely.updateTable('events').set(row).where('event_id', '=', eventId).execute();
    await rememberConversation(stage.shop.database, {
      installation_id: stage.id,
      conversation_id: conversationId,
      user_id: userId,
      controller: null,
      last_event_at: stage.clock.now(),
    });
    stage.clock.advance(29 * DAY_MS);
    const removals = removalSources.readFile(log);
    await markRestored(stage.shop.database, stage.clock.now, [removals]);
    await stage.shop.restart();
    await stage.expectGone('a private matter', userId, conversationId);
  },
};
