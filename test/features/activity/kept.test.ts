import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock, type Clock } from '../../support/clock.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

describe('what /privacy promises of the activity is so:', () => {
  let clock: Clock;
  let chat: Chat;
  beforeEach(async () => {
    clock = createClock(Date.now());
    chat = await openChat({ onMessage: ({ reply }) => reply('Hi.') }, { now: clock.now });
    await chat.say();
  });
  afterEach(() => chat.shop.close());

  async function readActivity(): Promise<string> {
    const rows = await readWholeDatabase(chat.shop.database);
    return JSON.stringify(rows.filter(({ table }) => table === 'activity'));
  }

  it('the page says for how long it is kept', async () => {
    const text = await (await fetch(`${chat.shop.url}/privacy`)).text();
    expect(text).toContain('Activity: what the bot did, in a sentence each</th><td>30 days</td>');
  });

  it('what the bot did is kept for 30 days', async () => {
    clock.advance(30 * DAY_MS - MINUTE_MS);
    await chat.shop.restart();
    expect(await readActivity()).toContain('Message answered: 1 reply');
    clock.advance(2 * MINUTE_MS);
    await chat.shop.restart();
    expect(await readActivity()).not.toContain('Message answered: 1 reply');
  });
});
