import { join } from 'node:path';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { afterEach, describe, expect, it } from 'vitest';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { deliverText } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

async function start(): Promise<Chat['shop']> {
  chat = await openChat({}, { engine: 'sqlite' });
  return chat.shop;
}

const deliver = (text: string) => deliverText(chat.shop, chat.conversationId, text);

const isAnswered = (words: string) =>
  waitUntil('it is answered', () => chat.replies().some((text) => text.includes(words)));

describe('SQLite', () => {
  it('locked by somebody else answers 503 and goes on by itself when it is free', async () => {
    const shop = await start();
    const other = new Libsql(join(shop.dataDir, 'shopkeeper.db'));
    other.exec('begin immediate');
    expect(await deliver('while locked')).toBe(503);
    expect((await fetch(`${shop.url}/`)).status).toBe(200);
    other.exec('commit');
    other.close();
    expect(await deliver('when free')).toBe(200);
    await isAnswered('when free');
    expect(shop.printed.join('')).toContain('A delivery could not be stored');
  });

  it('on a full disk answers 503, says so in the log, and goes on when there is room', async () => {
    const shop = await start();
    const { kysely } = shop.database;
    // The engine's own limit fails a write exactly as a full disk does (SQLITE_FULL).
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(kysely);
    await sql`pragma max_page_count = ${sql.lit(rows[0]?.page_count ?? 1)}`.execute(kysely);
    await waitUntil('the disk is full', async () => (await deliver('x'.repeat(4_000))) === 503);
    expect(shop.printed.join('')).toMatch(/disk is full/);
    await sql`pragma max_page_count = 1000000`.execute(kysely);
    await waitUntil('there is room again', async () => (await deliver('there is room')) === 200);
    await isAnswered('there is room');
  });
});
