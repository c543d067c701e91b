import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Wake } from '../../../server/features/speak/schema.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { engines } from '../../support/store/engines.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { HOUR_MS, openAlarmChat, type AlarmChat } from './support/open-alarm-chat.ts';

describe.each(engines)('what the bot was to say by itself, on %s,', (engine) => {
  let chat: AlarmChat;
  let userId: string;
  beforeEach(async () => {
    chat = await openAlarmChat(engine, async ({ message, customer, wakeAt }) => {
      userId = customer.id;
      const about = message.type === 'text' ? message.text : '';
      await wakeAt(chat.clock.now() + HOUR_MS, { about }, { key: 'reminder' });
    });
    await chat.say('tea');
    expect(await chat.listWakes()).toMatchObject([{ user_id: userId, data: '{"about":"tea"}' }]);
  });
  afterEach(() => chat.shop.close());

  const tell: AlarmChat['tell'] = (type, payload) => chat.tell(type, payload);
  /** As a restore does. */
  async function putBack(wake: Wake | undefined): Promise<void> {
    if (wake === undefined) throw new Error('There was none.');
    const { seq: _seq, ...row } = wake;
    await chat.shop.database.kysely.insertInto('wakes').values(row).execute();
  }
  const merged = (surviving: string, discarded: string) => ({
    surviving: { id: surviving },
    discarded: { id: discarded },
  });

  it('goes with its customer, also when nothing else is known of the conversation any more', async () => {
    await chat.shop.database.kysely.deleteFrom('conversations').execute();
    await tell('user:remove', { user: { id: userId } });
    expect(await chat.listWakes()).toEqual([]);
  });

  it('goes with its conversation', async () => {
    await tell('conversation:remove', { conversation: { id: chat.conversationId } });
    expect(await chat.listWakes()).toEqual([]);
  });

  it('stays when another customer, or another conversation, goes', async () => {
    await tell('user:remove', { user: { id: 'somebody' } });
    await tell('conversation:remove', { conversation: { id: 'something' } });
    expect(await chat.listWakes()).toHaveLength(1);
  });

  it('goes with the installation', async () => {
    await chat.shop.stores.installations.remove(chat.installationId, {
      kind: 'removed',
      text: 'Gone.',
    });
    expect(await chat.listWakes()).toEqual([]);
  });

  it('goes when the account turns out to have removed the bot', async () => {
    const { browser, page } = await chat.shop.installAndOpen();
    chat.zendesk.armFault({ kind: 'loseRemoveCallback' });
    chat.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
    await browser.submit(page, '/test-message');
    await waitUntil('its token was found to be dead', async () => {
      chat.clock.advance(1_000);
      const installation = await chat.shop.stores.installations.find(chat.installationId);
      return installation?.status === 'revoked';
    });
    await waitUntil('its wakes are gone', async () => (await chat.listWakes()).length === 0);
    expect(await chat.listWoken(0)).toEqual([]);
  });

  it('is not brought back by a backup when its customer was removed since', async () => {
    const [wake] = await chat.listWakes();
    await tell('user:remove', { user: { id: userId } });
    await putBack(wake);
    await chat.shop.restart();
    expect(await chat.listWakes()).toEqual([]);
  });

  it('is not said twice when a backup from before it was said is put back', async () => {
    const { kysely } = chat.shop.database;
    const [wake] = await chat.listWakes();
    chat.clock.advance(HOUR_MS);
    await chat.listWoken(1);
    chat.clock.advance(HOUR_MS);
    await kysely.deleteFrom('events').where('type', '=', 'shopkeeper:wake').execute();
    await putBack(wake);
    await chat.shop.stores.appState.write('restored_at', String(chat.clock.now()));
    await chat.shop.restart();
    expect(await chat.listWoken(1)).toMatchObject([{ state: 'done' }]);
    expect(chat.replies()).toEqual(['{"about":"tea"}']);
  });

  it('is said where its conversation lives on, and goes with the customer it belongs to then', async () => {
    const other = chat.zendesk.createConversation({ account: 'acme' });
    await tell('user:merge', {
      mergedUsers: merged(other.userId, userId),
      mergedConversations: merged(other.conversationId, chat.conversationId),
    });
    expect(await chat.listWakes()).toMatchObject([
      { conversation_id: other.conversationId, user_id: other.userId },
    ]);
    chat.clock.advance(HOUR_MS);
    await chat.listWoken(1);
    const { zendesk } = chat;
    expect(JSON.stringify(zendesk.messages(other.conversationId))).toContain('tea');
  });

  it('gives way to what the conversation it is merged into was to say under the same key', async () => {
    const other = chat.zendesk.createConversation({ account: 'acme' });
    chat.zendesk.sendCustomerMessage({ conversationId: other.conversationId, text: 'cake' });
    await waitUntil('both wait', async () => (await chat.listWakes()).length === 2);
    await tell('user:merge', {
      mergedUsers: merged(other.userId, userId),
      mergedConversations: merged(other.conversationId, chat.conversationId),
    });
    expect(await chat.listWakes()).toMatchObject([
      { conversation_id: other.conversationId, data: '{"about":"cake"}' },
    ]);
  });
});

describe('an owner', () => {
  it('finds it in the export, in the list before a deletion and on the privacy page', async () => {
    const chat = await openAlarmChat('sqlite', async ({ wakeAt }) => {
      await wakeAt(chat.clock.now() + HOUR_MS, { about: 'tea' }, { key: 'reminder' });
    });
    try {
      await chat.say();
      const { browser, statusUrl } = await chat.shop.install();
      const page = async (path: string) => (await browser.get(`${statusUrl}${path}`)).text;
      expect(JSON.parse(await page('/export'))).toMatchObject({
        wakes: [{ conversation_id: chat.conversationId, key: 'reminder', data: { about: 'tea' } }],
      });
      expect(await page('/delete')).toContain('1 time at which the bot was to speak by itself');
      const privacy = await createBrowser().get(`${chat.shop.url}/privacy`);
      expect(privacy.text).toContain('When the bot is to speak by itself');
      await browser.submit(await browser.get(`${statusUrl}/delete`), '/delete');
      expect(await chat.listWakes()).toEqual([]);
    } finally {
      await chat.shop.close();
    }
  });
});
