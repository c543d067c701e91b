#!/usr/bin/env bash
# kysely 0.28.18 on PostgreSQL (PGlite 0.5.17; the same with pg 8.23.1 and PostgreSQL 15), and on SQLite.
#
# Seen: where a statement of a transaction failed and its caller caught that and went on, `transaction().execute()`
# fulfils, with what the callback returned, and nothing of the transaction is stored: PostgreSQL answers such a
# `commit` with ROLLBACK, which is no error, and nobody looks at the answer. On SQLite the same code stores
# everything but the statement that failed.
#
# Why it matters: whatever is done "once it is committed", an acknowledgement say, is done for rows that are not
# there. Code that was tried on SQLite, a second insert of the same key that nobody minds, say, loses all that
# stands around it on PostgreSQL, without an error anywhere.
#
# Expected: that it rejects, as it does since 0.28.19 on PostgreSQL, or at least does the same on both.
# What we do instead: our driver looks at the answer and throws (server/features/postgres/pool.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent --ignore-scripts \
  kysely@0.28.18 libsql@0.5.29 @electric-sql/pglite@0.5.17 >/dev/null

cat >look.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';
import {
  Kysely, PostgresAdapter, PostgresDriver, PostgresIntrospector, PostgresQueryCompiler, SqliteDialect, sql
} from 'kysely';
import Libsql from 'libsql';

const server = await PGlite.create();
/** What Kysely's own driver wants of pg's pool. Of a commit it does not look at `command`, which pg fills with ROLLBACK. */
const client = {
  async query(text, values = []) {
    const { rows, affectedRows } = await server.query(text, values);
    return { command: text.trim().split(' ', 1)[0].toUpperCase(), rowCount: affectedRows ?? 0, rows };
  },
  release() {},
};
const pool = { connect: async () => client, end: async () => {} };
const postgres = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new PostgresDriver({ pool }),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};
const sqlite = new SqliteDialect({ database: new Libsql(':memory:') });

for (const [name, dialect] of Object.entries({ postgres, sqlite })) {
  const db = new Kysely({ dialect });
  await sql`create table note (id int primary key, words text)`.execute(db);
  const outcome = await db
    .transaction()
    .execute(async (transaction) => {
      const add = (id, words) => transaction.insertInto('note').values({ id, words }).execute();
      await add(1, 'kept');
      await add(1, 'once more').catch(() => {});
      return 'stored';
    })
    .catch(() => 'rejected');
  const { length } = await db.selectFrom('note').selectAll().execute();
  console.log(`${name}: ${outcome}, and ${length} rows`);
}
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = "postgres: stored, and 0 rows
sqlite: stored, and 1 rows" ]
