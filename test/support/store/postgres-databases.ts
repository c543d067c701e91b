import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { z } from 'zod';

const serverUrl = inject('postgresUrl');
/** PostgreSQL takes a table without statistics for one of at least so many pages, whatever is in it. */
const SMALL_BYTES = 10 * 8192;

const Look = z.tuple([z.object({ others: z.coerce.number(), largest: z.coerce.number() })]);
const Tables = z.array(z.object({ tablename: z.string() }));

/** A connection costs the server more than most statements do. */
let server: pg.Pool | undefined;

async function runOnServer(statement: string): Promise<Record<string, unknown>[]> {
  if (serverUrl === null) throw new Error('This test needs PostgreSQL');
  server ??= new pg.Pool({ connectionString: serverUrl, idleTimeoutMillis: 0 });
  return (await server.query<Record<string, unknown>>(statement)).rows;
}

/** A database of its own on the run's PostgreSQL server, empty or a copy of the template. */
export async function createTestDatabase(template = 'template1') {
  const name = `shopkeeper_${randomUUID().replaceAll('-', '')}`;
  cheapestCopy ??= findCheapestCopy();
  await runOnServer(`create database ${name} template ${template} ${await cheapestCopy}`);
  const url = new URL(serverUrl ?? '');
  url.pathname = `/${name}`;
  return {
    name,
    databaseUrl: url.href,
    dataDir: '',
    remove: async () => {
      await runOnServer(`drop database ${name} with (force)`);
    },
  };
}

let cheapestCopy: Promise<string> | undefined;

/** From PostgreSQL 15 on, unless it is told otherwise, each page of a copy goes through the log: twice the work. */
async function findCheapestCopy(): Promise<string> {
  const [row] = await runOnServer('show server_version_num');
  return Number(row?.['server_version_num']) >= 150_000 ? 'strategy file_copy' : '';
}

type Spare = Awaited<ReturnType<typeof createSpare>>;
const spares: Spare[] = [];

/**
 * A copy of the template, or one that an earlier test is done with and that is empty again: to make and to
 * drop one takes the server as long as most tests. Once it is removed, it is for another test.
 */
export async function borrowTestDatabase(template: string) {
  const spare = spares.pop() ?? (await createSpare(template));
  return {
    ...spare.place,
    remove: async () => {
      if (await isAsNew(spare)) spares.push(spare);
      else await Promise.all([spare.client.end(), spare.place.remove()]);
    },
  };
}

async function createSpare(template: string) {
  const place = await createTestDatabase(template);
  const client = new pg.Client({ connectionString: place.databaseUrl });
  // Who drops the database ends its connections first.
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query(
    "select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%'",
  );
  const tables = Tables.parse(rows).map(({ tablename }) => tablename);
  return { place, client, tables };
}

/** Empties it. False: somebody still uses it, or what was in it would show in how statements are run. */
async function isAsNew({ client, tables }: Spare): Promise<boolean> {
  const sizes = tables.map((table) => `pg_relation_size('${table}')`);
  const { rows } = await client.query(`select greatest(${sizes.join(', ')}) as largest, (
    select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
  ) as others`);
  const [{ others, largest }] = Look.parse(rows);
  if (others > 0 || largest > SMALL_BYTES) return false;
  await client.query(
    [
      ...tables.map((table) => `delete from ${table}`),
      "select setval(oid::regclass, 1, false) from pg_class where relkind = 'S'",
    ].join(';'),
  );
  return true;
}
