import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { features } from '../../../server/features.ts';
import { drawPlaces } from '../../../server/features/terminal/banner.ts';
import { drawLine } from '../../../server/features/terminal/draw.ts';
import { createTerminal } from '../../../server/features/terminal/index.ts';
import type { Core } from '../../../server/core.ts';
import type { Bot, OnMessage } from '../../../server/runtime/types.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let shop: Shop;
const told: string[] = [];
afterEach(async () => {
  told.length = 0;
  await shop?.close();
});

/** An account with a customer who has just written to a bot, in front of a developer's terminal. */
async function startAt(
  bot: Partial<Bot>,
  text: string,
  change = (core: Core) => core,
): Promise<void> {
  const write = (line: string) => told.push(stripVTControlCharacters(line)) > 0;
  const terminal = createTerminal({ isTTY: true, write });
  terminal.terminal?.({ production: false, logLevel: 'info' });
  const changed = { ...terminal, open: (core: Core) => terminal.open?.(change(core)) ?? {} };
  shop = await startShop({ bot, features: [...features, changed] });
  await shop.install();
  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  shop.zendesk.sendCustomerMessage({ conversationId, text });
}

const findLine = (words: string) =>
  waitUntil(`a line with ${words}`, () => told.find((line) => line.includes(words)));

describe('the terminal of a developer', () => {
  it('has a line for what a customer wrote, and one for the answer with its time and handler', async () => {
    await startAt({ onMessage: ({ reply }) => reply('In two days.') }, 'Do you ship to Lisbon?');
    expect(await findLine('In two days')).toMatch(
      /^\d\d:\d\d:\d\d {2}Acme Outdoor +→ “In two days\.” {3}\d+ ms {2}onMessage\n$/,
    );
    expect(told.filter((line) => line.includes('Lisbon'))).toEqual([
      expect.stringMatching(/Acme Outdoor +← “Do you ship to Lisbon\?”\n$/),
    ]);
    await shop.zendesk.settled();
    expect(told.filter((line) => line.includes('In two days'))).toHaveLength(1);
  });

  it('says of an error where in the project it was thrown, and when it is tried again', async () => {
    const onMessage = () => Promise.reject(new Error('Out of stock'));
    await startAt({ onMessage }, 'One, please');
    expect(await findLine('Out of stock')).toMatch(/ ✗ onMessage {2}Error: Out of stock\n$/);
    expect(await findLine('again in 1 s')).toMatch(
      /^ +test\/features\/terminal\/terminal\.test\.ts:\d+:\d+ {3}again in 1 s \(attempt 2 of 8\)\n$/,
    );
  });

  it('names what the bot did where it said nothing', async () => {
    await startAt({ onMessage: ({ handOff }) => handOff({ reason: 'asked' }) }, 'A person!');
    expect(await findLine('handed over')).toMatch(/· handed over {3}\d+ ms {2}onMessage\n$/);
  });

  it('takes no outcome away when the name of an account cannot be read', async () => {
    const find = () => Promise.reject(new Error('The database is away.'));
    const withoutNames = (core: Core): Core => ({
      ...core,
      installations: { ...core.installations, find },
    });
    let calls = 0;
    const onMessage: OnMessage = ({ reply }) => reply(`Answer ${++calls}.`);
    await startAt({ onMessage }, 'Do you ship?', withoutNames);
    await findLine('Answer 1');
    await waitUntil('it is settled', async () => {
      const rows = await shop.database.kysely.selectFrom('events').select('state').execute();
      return rows.every(({ state }) => state === 'done' || state === 'ignored');
    });
    expect(calls).toBe(1);
  });

  it('is not steered by what people write', () => {
    const line = drawLine({ at: 0, account: 'A\u001b[2J', mark: 'received', text: 'b\u0007\nc' });
    expect(line.trim()).toMatch(/A\?\[2J +← b\?\?c$/);
  });
});

describe('the banner', () => {
  it('has a column for names, one for addresses and one for what they are', () => {
    const places = [
      { name: 'Bot', address: 'http://localhost:3000' },
      { name: 'Sandbox', address: 'http://localhost:3100', note: 'a stand-in' },
    ];
    const banner = drawPlaces({ version: '1.2.3', mode: 'sandbox mode', places, ms: 412 });
    expect(stripVTControlCharacters(banner)).toBe(
      [
        '',
        '  Shopkeeper 1.2.3   sandbox mode   ready in 412 ms',
        '',
        '  ➜ Bot      http://localhost:3000',
        '  ➜ Sandbox  http://localhost:3100  a stand-in',
        '',
        '',
      ].join('\n'),
    );
  });
});
