import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock, type Clock } from '../../support/clock.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { remembering } from './support/keys.ts';

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

describe('what /privacy promises of what the bot remembers is so:', () => {
  let clock: Clock;
  let chat: Chat;
  beforeEach(async () => {
    clock = createClock(Date.now());
    chat = await openChat(
      {
        onMessage: remembering(async ({ memory, reply }) => {
          await memory.conversation.set({ words: 'said in the conversation' });
          await memory.customer.set({ words: 'said by the customer' });
          await reply('I will remember.');
        }),
      },
      { now: clock.now },
    );
    await chat.say();
  });
  afterEach(() => chat.shop.close());

  const readAll = async () => JSON.stringify(await readWholeDatabase(chat.shop.database));

  async function expectKeptFor(ms: number, text: string): Promise<void> {
    clock.advance(ms - MINUTE_MS);
    await chat.shop.restart();
    expect(await readAll()).toContain(text);
    clock.advance(2 * MINUTE_MS);
    await chat.shop.restart();
    expect(await readAll()).not.toContain(text);
  }

  it('the page says for how long', async () => {
    const text = await (await fetch(`${chat.shop.url}/privacy`)).text();
    for (const sentence of [
      'for example the question it has asked</th><td>90 days after the conversation’s last event',
      'What the bot remembers of a customer</th><td>365 days after it last changed',
    ])
      expect(text).toContain(sentence);
  });

  it('of a conversation: 90 days after its last event', async () => {
    await expectKeptFor(90 * DAY_MS, 'said in the conversation');
    expect(await readAll()).toContain('said by the customer');
  });

  it('of a customer: 365 days after it last changed', async () => {
    await expectKeptFor(365 * DAY_MS, 'said by the customer');
  });

  it('all of it goes when Zendesk deletes the customer', async () => {
    const [conversation] = await chat.shop.stores.conversations.list(chat.installationId, 1);
    const event = {
      id: 'removal',
      type: 'user:remove',
      createdAt: new Date(clock.now()).toISOString(),
      payload: { user: { id: String(conversation?.user_id) } },
    };
    await chat.zendesk.deliver({ account: 'acme', clientId: CLIENT_ID, events: [event] });
    await waitUntil('it is gone', async () => !(await readAll()).includes('said by the customer'));
    expect(await readAll()).not.toContain('said in the conversation');
  });

  it('the page that asks before a deletion counts it, the export has it, and both go with the account', async () => {
    const { browser, statusUrl } = await chat.shop.install('acme');
    const page = await browser.open(`${statusUrl}/delete`);
    expect(page.text).toContain('what the bot remembers: of 1 conversation(s) and 1 customer(s)');
    const { text } = await browser.get(`${statusUrl}/export`);
    expect(JSON.parse(text)).toMatchObject({
      conversationMemory: [
        {
          conversation_id: chat.conversationId,
          memory: { words: 'said in the conversation' },
          updated_at: expect.any(Number),
        },
      ],
      customerMemory: [{ memory: { words: 'said by the customer' } }],
    });
    await browser.submit(page, '/delete');
    expect(await readAll()).not.toContain('said');
  });
});
