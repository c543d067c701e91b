import { expect } from 'vitest';
import { createBrowser } from '../../../support/browser.ts';
import { CLIENT_ID, repliesIn } from '../../../support/start-shop.ts';
import { readWholeDatabase } from '../../../support/read-whole-database.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { findHashes, markRestored } from '../../../../server/commands/restore/mark-restored.ts';
import type { Promises } from './kept.ts';
import { DAY_MS, MINUTE_MS, type Stage } from './stage.ts';

const NAMES = ['Acme Outdoor', 'a private matter', '"acme"'];

async function removeAtZendesk(stage: Stage): Promise<void> {
  stage.shop.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
  await waitUntil('it is noticed', async () => {
    stage.clock.advance(1_000);
    const found = await stage.shop.stores.installations.find(stage.id);
    return found === undefined || found.status === 'revoked';
  });
}

/** Every row of the account but the line that says it was removed. */
async function expectOneLine(stage: Stage): Promise<void> {
  const rows = await readWholeDatabase(stage.shop.database);
  const about = rows.filter(({ row }) => JSON.stringify(row).includes(stage.id));
  // A browser may still remember where it was.
  const tables = about.map(({ table }) => table).filter((table) => table !== 'sessions');
  expect(tables).toEqual(['activity']);
  const lines = stage.shop.notes.latest(stage.id, 10);
  expect(lines.map(({ kind }) => kind)).toEqual(['removed']);
}

/** What removal deletes. */
export const removed: Promises = {
  'The account’s settings have an export of everything above as one JSON file, without the secrets.':
    async (stage) => {
      await stage.say('a private matter');
      const { text, headers } = await stage.browser.get(`${stage.statusUrl}/export`);
      expect(headers.get('content-type')).toContain('json');
      const { conversationId } = stage.customer;
      for (const part of [...NAMES, 'Message answered', conversationId])
        expect(text, part).toContain(part);
      const [installed] = stage.shop.zendesk.installations();
      for (const secret of [installed?.accessTokens[0], installed?.webhooks[0]?.secret])
        expect(text).not.toContain(String(secret));
    },

  'Disconnecting, or deleting the data in the account’s settings, deletes everything above at once.':
    async (stage) => {
      await stage.say('a private matter');
      const page = await stage.browser.open(`${stage.statusUrl}/delete`);
      await stage.browser.submit(page, '/delete');
      await stage.expectGone('a private matter', '"acme"');
      await expectOneLine(stage);
      const other = await stage.shop.install('bloom');
      await other.browser.submit(other.page, '/disconnect');
      expect(await stage.shop.stores.installations.list()).toEqual([]);
    },

  'Removing the bot in Zendesk deletes everything above as soon as Zendesk says so.': async (
    stage,
  ) => {
    await stage.say('a private matter');
    await removeAtZendesk(stage);
    await stage.expectGone('a private matter', '"acme"');
    await expectOneLine(stage);
  },

  'Should Zendesk not say so, what customers wrote is deleted when we notice, connected services are left alone from then on, and everything else is deleted 30 days later.':
    async (stage) => {
      await stage.say('a private matter');
      stage.shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
      stage.shop.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
      // What Zendesk said of the webhooks is believed for some seconds.
      stage.clock.advance(MINUTE_MS);
      await stage.browser.get(stage.statusUrl);
      await waitUntil('it is noticed', async () => {
        stage.clock.advance(1_000);
        return (await stage.shop.stores.installations.find(stage.id))?.status === 'revoked';
      });
      await stage.expectGone('a private matter');
      await stage.laterBy(30 * DAY_MS - MINUTE_MS);
      expect(await stage.readAll()).toContain('"acme"');
      await stage.laterBy(2 * MINUTE_MS);
      await waitUntil(
        'everything is deleted',
        async () => !(await stage.readAll()).includes('"acme"'),
      );
      await expectOneLine(stage);
    },

  'One line stays for up to 30 days: that the account was removed, and when.': async (stage) => {
    await removeAtZendesk(stage);
    await expectOneLine(stage);
    await stage.expectKeptFor(30 * DAY_MS - MINUTE_MS, stage.id, 'activity');
  },

  'An installation that was begun and never finished is deleted after a day.': async (stage) => {
    const { shop } = stage;
    const times = 1_000;
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500, times });
    const browser = createBrowser();
    await browser.open(await browser.allow(shop.url, 'old-mill'));
    const states = async () => {
      const all = await shop.stores.installations.list();
      return all.map(({ status }) => status).toSorted();
    };
    expect(await states()).toEqual(['active', 'installing']);
    await stage.laterBy(DAY_MS + MINUTE_MS);
    await waitUntil('it is deleted', async () => (await states()).join('') === 'active');
    expect(shop.zendesk.installations()).toHaveLength(1);
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
    await stage.shop.stores.conversations.upsert({
      installation_id: stage.id,
      conversation_id: conversationId,
      user_id: userId,
      controller: null,
      last_event_at: stage.clock.now(),
    });
    stage.clock.advance(29 * DAY_MS);
    const removals = findHashes(log).map((hash) => ({ hash, at: stage.clock.now() }));
    await markRestored(stage.shop.database, stage.clock.now, removals);
    await stage.shop.restart();
    await stage.expectGone('a private matter', userId, conversationId);
  },
};
