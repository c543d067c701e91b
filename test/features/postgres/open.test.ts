import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { postgresIsAvailable, openDatabase } from '../../support/store/engines.ts';
import { createTestDatabase } from '../../support/store/postgres-databases.ts';

describe.runIf(postgresIsAvailable)('the PostgreSQL database', () => {
  let place: Awaited<ReturnType<typeof createTestDatabase>>;
  let database: Database;

  beforeEach(async () => {
    place = await createTestDatabase();
    database = await openDatabase(place);
  });
  afterEach(async () => {
    await database.close();
    await place.remove();
  });

  it('reads 64-bit integers as numbers, in its own pool only', async () => {
    const query = 'select 1795290305895::bigint as at';
    const { rows } = await sql.raw(query).execute(database.kysely);
    expect(rows).toEqual([{ at: 1795290305895 }]);

    const client = new pg.Client({ connectionString: place.databaseUrl });
    await client.connect();
    const elsewhere = await client.query(query);
    await client.end();
    expect(elsewhere.rows).toEqual([{ at: '1795290305895' }]);
  });

  it('survives losing an idle connection and replaces it', async () => {
    await database.ping();

    await terminateConnections();

    await vi.waitFor(() => database.ping());
  });

  it('survives losing a connection that is in use, whose work fails', async () => {
    const working = database.kysely.transaction().execute(async (transaction) => {
      await sql`select 1`.execute(transaction);
      await terminateConnections();
      await sql`select 1`.execute(transaction);
    });

    await expect(working).rejects.toThrow();
    await database.ping();
  });

  it('has the server end a transaction that we gave up', async () => {
    const limits = await database.kysely.transaction().execute(async (transaction) => {
      const shown = [];
      for (const name of ['statement_timeout', 'idle_in_transaction_session_timeout'])
        shown.push((await sql`show ${sql.raw(name)}`.execute(transaction)).rows[0]);
      return shown;
    });

    expect(limits).toEqual([
      { statement_timeout: '10s' },
      { idle_in_transaction_session_timeout: '10s' },
    ]);
  });

  it('sets nothing on a connection that outlives a transaction', async () => {
    await database.kysely
      .transaction()
      .execute((transaction) => sql`select 1`.execute(transaction));

    const { rows } = await sql`show statement_timeout`.execute(database.kysely);

    expect(rows).toEqual([{ statement_timeout: '0' }]);
  });

  it('opens without the server, and says so when it is asked', async () => {
    const unreachable = await openDatabase({
      databaseUrl: 'postgres://postgres@127.0.0.1:1/nowhere',
      dataDir: '',
    });

    await expect(unreachable.ping()).rejects.toThrow('ECONNREFUSED');
    await unreachable.close();
  });

  async function terminateConnections(): Promise<void> {
    const client = new pg.Client({ connectionString: place.databaseUrl });
    await client.connect();
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'shopkeeper'`,
    );
    await client.end();
    expect(rowCount).toBeGreaterThan(0);
  }
});
