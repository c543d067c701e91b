import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import pg from 'pg';
import { z } from 'zod';
import { postgresIsAvailable } from '../../support/store/engines.ts';
import {
  findPostgresBinaries,
  startPostgres,
  type PostgresCluster,
} from '../../support/store/postgres.ts';
import { startProcessShop } from '../../support/process/start-process-shop.ts';
import { startTcpRelay } from '../../support/network/start-tcp-relay.ts';
import { answersIn, startTalking } from '../../support/process/talk-to-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

const END_THE_OTHERS =
  'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
const Readiness = z.object({ reason: z.string().optional() });

describe.runIf(postgresIsAvailable)('an app whose PostgreSQL', { timeout: 240_000 }, () => {
  let cluster: PostgresCluster;
  let databaseUrl: string;
  let databases = 0;
  let shop: Awaited<ReturnType<typeof startProcessShop>>;
  const closings: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const binaries = await findPostgresBinaries();
    if (binaries === undefined) throw new Error('This test needs a PostgreSQL of its own.');
    cluster = await startPostgres(binaries, { durable: true });
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    databases += 1;
    databaseUrl = await cluster.createDatabase(`shop_${databases}`);
  });
  afterEach(async () => {
    for (const close of closings.splice(0).toReversed()) await close();
  });

  it('restarts four times, idle and busy, lives, says so, and loses and repeats nothing', async () => {
    await open(databaseUrl);

    for (const mode of ['fast', 'immediate'] as const) await restart(mode);
    const talk = startTalking(shop, { customers: 4 });
    for (const mode of ['fast', 'immediate'] as const) {
      await talkOn(talk);
      await restart(mode);
    }
    await talkOn(talk);
    await talk.stop();

    await expectEveryoneAnsweredOnce(talk);
    expect(await shop.app().end('SIGTERM')).toBe(0);
  });

  it('falls silent takes deliveries again within 30 seconds, and ends with 0', async () => {
    const relay = await startTcpRelay(new URL(databaseUrl));
    closings.push(() => relay.close());
    await open(relay.url);
    const talk = startTalking(shop, { customers: 4 });
    await talkOn(talk);

    // Whether it is unready meanwhile depends on what was open: a new connection works.
    relay.freeze();
    await talkOn(talk, 30_000);
    // An answer of the database is believed for a second.
    await waitUntil('it is ready', async () => (await readReadiness()).ok);
    await talk.stop();
    await expectEveryoneAnsweredOnce(talk);

    relay.freeze();
    expect(await shop.app().end('SIGTERM')).toBe(0);
  });

  it('takes no writes is unready, with the reason, until it takes some again, or another in its place does', async () => {
    await open(databaseUrl);

    await administer('alter system set default_transaction_read_only = on');
    await waitUntil('it is unready', async () => {
      const { ok, reason } = await readReadiness();
      return !ok && reason === 'the database is read-only';
    });
    // A standby may not know the newest: "unknown" would be final.
    expect(await deliverToUnknown()).toBe(503);
    await administer('set default_transaction_read_only = off; alter system reset all');
    await waitUntil('it is ready', async () => (await readReadiness()).ok);
    expect(await deliverToUnknown()).toBe(404);

    const { pathname } = new URL(databaseUrl);
    const database = pathname.slice(1);
    // Each connection keeps what it found when it was opened, as one to a former primary does.
    await administer(`alter database ${database} set default_transaction_read_only = on`);
    await administer(END_THE_OTHERS);
    await waitUntil('it is unready', async () => !(await readReadiness()).ok);
    await administer(
      `set default_transaction_read_only = off; alter database ${database} reset default_transaction_read_only`,
    );
    await waitUntil('it is ready', async () => (await readReadiness()).ok);
    const talk = startTalking(shop, { customers: 20 });
    await talkOn(talk);
    await talk.stop();
    await expectEveryoneAnsweredOnce(talk);
  });

  it('allows five connections answers eight customers all the same, and says so', async () => {
    await administer('create role shop login connection limit 5');
    await administer('grant create, usage on schema public to shop');
    await open(databaseUrl.replace('postgres@', 'shop@'));

    const talk = startTalking(shop, { customers: 8 });
    await talkOn(talk);
    await talkOn(talk);
    await talk.stop();

    await expectEveryoneAnsweredOnce(talk);
    expect(talk.refused()).toBeLessThan(talk.acknowledged.length / 10);
    // Each of these asks the database by itself, whatever the customers' deliveries share.
    await waitUntil('it says so', async () => {
      await Promise.all(Array.from({ length: 20 }, deliverToUnknown));
      return shop.app().output().includes('no room for another connection');
    });
  });

  async function deliverToUnknown(): Promise<number> {
    const unknown = `${shop.url}/webhooks/${'0'.repeat(32)}`;
    return (await fetch(unknown, { method: 'POST', body: '{}' })).status;
  }

  async function open(url: string): Promise<void> {
    shop = await startProcessShop({ DATABASE_URL: url });
    closings.push(() => shop.close());
    await shop.install('acme');
  }

  async function restart(mode: 'fast' | 'immediate'): Promise<void> {
    await cluster.pause(mode);
    await waitUntil('it is unready', async () => !(await readReadiness()).ok);
    await cluster.start();
    await waitUntil('it is ready again', async () => (await readReadiness()).ok, 30_000);
  }

  async function readReadiness() {
    const response = await fetch(`${shop.url}/readyz`);
    return { ok: response.ok, ...Readiness.parse(await response.json()) };
  }

  async function talkOn(talk: ReturnType<typeof startTalking>, withinMs?: number): Promise<void> {
    const before = talk.acknowledged.length;
    await waitUntil('customers talk', () => talk.acknowledged.length > before + 20, withinMs);
  }

  async function expectEveryoneAnsweredOnce(talk: ReturnType<typeof startTalking>): Promise<void> {
    const answers = () => talk.conversationIds.flatMap((id) => answersIn(shop, id));
    const total = talk.acknowledged.length;
    await waitUntil('all are answered', () => answers().length >= total, 60_000);
    for (const id of talk.conversationIds) {
      const said = talk.acknowledged.filter(({ conversationId }) => conversationId === id);
      expect(answersIn(shop, id)).toEqual(said.map(({ words }) => words));
    }
  }

  async function administer(statements: string): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    for (const statement of [...statements.split('; '), 'select pg_reload_conf()'])
      await client.query(statement);
    await client.end();
  }
});
