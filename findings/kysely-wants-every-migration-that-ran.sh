#!/usr/bin/env bash
# kysely 0.28.18 (npm): `allowUnorderedMigrations` lets a migration join late, but none leave.
#
# Seen: with the option set, a migration whose name comes before those that ran already is run; a provider
# that no longer offers one of those that ran makes migrateToLatest return "corrupted migrations: previously
# executed migration … is missing", and nothing else is run either, although the table of migrations names
# all it would need. An empty stand-in under the old name is accepted: its content is never looked at.
#
# Why it matters: where migrations come from optional parts of a program, taking a part out stops every
# start with a database that once had it, and the message reads as if the database were damaged.
#
# Expected: that who asks for no order means a set, of which a part may be gone.
# What we do instead: the names that ran are read first, and parts that were deleted get an empty migration;
# names nobody can have deleted are refused as those of a newer version (server/store/migrate.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent kysely@0.28.18 libsql@0.5.29 >/dev/null

cat >look.mjs <<'JS'
import { Kysely, Migrator, SqliteDialect, sql } from 'kysely';
import Database from 'libsql';

const db = new Kysely({ dialect: new SqliteDialect({ database: new Database('notes.db') }) });
const create = (table) => ({ up: (on) => sql.raw(`create table ${table} (id text)`).execute(on) });

async function migrate(what, migrations) {
  const provider = { getMigrations: async () => migrations };
  const migrator = new Migrator({ db, provider, allowUnorderedMigrations: true });
  const { error, results = [] } = await migrator.migrateToLatest();
  const ran = results.map(({ migrationName }) => migrationName).join(', ') || 'nothing';
  console.log(`${what}: ran ${ran}${error === undefined ? '' : `, and said: ${error.message}`}`);
  return { error, ran };
}

const first = { '1-core': create('core'), 'b-part': create('b') };
await migrate('at first', first);
const late = await migrate('one that sorts before', { ...first, 'a-part': create('a') });
const { 'b-part': _gone, ...rest } = first;
const gone = await migrate('without one that ran', { ...rest, 'a-part': create('a'), 'c-part': create('c') });
const empty = { 'b-part': { up: async () => {} } };
const standIn = await migrate('with an empty one in its place', {
  ...rest,
  ...empty,
  'a-part': create('a'),
  'c-part': create('c'),
});
await db.destroy();

const isAsDescribed =
  late.ran === 'a-part' &&
  late.error === undefined &&
  /previously executed migration b-part is missing/.test(gone.error?.message ?? '') &&
  gone.ran === 'nothing' &&
  standIn.ran === 'c-part' &&
  standIn.error === undefined;
console.log(isAsDescribed ? 'As described.' : 'This has changed.');
process.exit(isAsDescribed ? 0 : 1);
JS
node look.mjs
