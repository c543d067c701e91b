#!/usr/bin/env bash
# libsql 0.5.29 (npm): close() does not close a database of which a prepared statement still exists.
#
# Seen: after `db.close()` the process keeps the file, its -wal and its -shm open for as long as any
# Statement object lives, even one that was read to its end. So SQLite's last step on closing (checkpoint,
# delete the log) does not happen: a copy of the file alone has no table. Without a statement it does.
# Nothing is thrown, `db.open` is false, and a Statement has no method that ends it.
#
# Why it matters: whoever keeps statements prepared, which is what they are for, stops the program cleanly,
# copies the one file, and has an empty database. Locks stay, too: another connection of the same process
# that wants the file for itself gets "database is locked" until the garbage was collected.
#
# Expected: as better-sqlite3, whose interface it has: close() ends the statements and closes the file.
# What we do instead: `pragma wal_checkpoint(truncate)` before close() (server/features/sqlite/file.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent libsql@0.5.29 >/dev/null

cat >look.cjs <<'JS'
const { copyFileSync, existsSync } = require('node:fs');
const Database = require('libsql');

function look(name, keepStatement) {
  const database = new Database(`${name}.db`);
  database.exec('pragma journal_mode = wal; create table notes (text)');
  database.exec("insert into notes values ('kept')");
  const statement = keepStatement ? database.prepare('select text from notes') : undefined;
  statement?.all();
  database.close();
  const hasLog = existsSync(`${name}.db-wal`);
  copyFileSync(`${name}.db`, `${name}-copy.db`);
  const copy = new Database(`${name}-copy.db`);
  const { tables } = copy.prepare('select count(*) as tables from sqlite_master').get();
  const seen = `${hasLog ? 'log left' : 'log gone'}, ${tables} table(s) in a copy of the file`;
  console.log(`${keepStatement ? 'with a statement' : 'without one'}: open=${database.open}, ${seen}`);
  return seen;
}

const without = look('without', false);
const withOne = look('with', true);
const isAsDescribed =
  without === 'log gone, 1 table(s) in a copy of the file' &&
  withOne === 'log left, 0 table(s) in a copy of the file';
console.log(isAsDescribed ? 'As described.' : 'This has changed.');
process.exit(isAsDescribed ? 0 : 1);
JS
node look.cjs
