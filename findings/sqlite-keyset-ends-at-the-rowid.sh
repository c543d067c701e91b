#!/usr/bin/env bash
# Tool: SQLite 3.45.1 (in libsql 0.5.29) and SQLite 3.54.1 (in sql.js 1.17.0).
#
# What it does: for `(lane, id) > (?, ?)` an index on (lane, id) is searched by both columns, unless id is the
# `integer primary key`. Then it is searched by `lane > ?` alone, and every row of the lane that was read
# before is read again, to be thrown away. A second bound, as in `lane > ? and (lane, id) > (?, ?)`, has the
# same effect with any id. What does find the place is `lane = ? and id > ?`, and then `lane > ?`.
#
# Why it matters: it is the usual way to read a table in pages, with the usual kind of key behind. Nothing is
# wrong with what comes out, each page just costs as much as all pages of its lane before it.
#
# What one would expect: that the key of the table, which each index ends with anyway, is searched like any
# other column; with another type of key, the plan says `(lane,id)>(?,?)`.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts libsql@0.5.29 sql.js@1.17.0

cat >plans.mjs <<'JS'
import Database from 'libsql';
import initSqlJs from 'sql.js';

const libsql = new Database(':memory:');
const js = new (await initSqlJs()).Database();
const engines = [
  (text) => libsql.prepare(text).raw().all(),
  (text) => js.exec(text)[0]?.values ?? [],
];
const run = [(text) => libsql.exec(text), (text) => js.run(text)];
const WAYS = [
  `(lane, id) > ('a', 5)`,
  `lane > '' and (lane, id) > ('a', 5)`,
  `lane = 'a' and id > 5`,
];

for (const [index, ask] of engines.entries()) {
  console.error(`SQLite ${ask('select sqlite_version()')[0][0]}`);
  for (const key of ['integer primary key', 'text primary key']) {
    const table = key.split(' ')[0] + '_event';
    run[index](`create table ${table} (id ${key}, lane text, said text);
      create index ${table}_by_lane on ${table} (lane, id)`);
    for (const way of WAYS) {
      const rows = ask(`explain query plan select * from ${table} where ${way} order by lane, id limit 500`);
      const how = rows.map((row) => row[3]).join().replace(/.*event_by_lane /, '');
      console.error(`  id ${key}, ${way}: ${how}`);
      console.log(how);
    }
  }
}
JS
seen=$(node plans.mjs | paste -sd ' ')
once='(lane>?) (lane>?) (lane=? AND id>?) ((lane,id)>(?,?)) (lane>?) (lane=? AND id>?)'
[ "$seen" = "$once $once" ]
