#!/usr/bin/env bash
# Tool: PostgreSQL 18.7 (PGlite 0.5.17); the same with PostgreSQL 15.
#
# What it does: an index entry whose row is dead is marked by the first index scan that meets it, so that the
# next one passes it by without a look at the row. A bitmap scan never marks one. Before a table is analyzed for
# the first time the planner prefers a bitmap, so a count by a partial index looks at every row that has left
# the index since the last vacuum, each time. With the bitmap off it does so once.
#
# Why it matters: a queue in a table has an index of what waits, and everything leaves it within seconds. How
# many wait is asked all the time, of a table that was just made: the answer 0 costs more with every message
# that was handled, until autovacuum comes, and nothing in the statement says so.
#
# What one would expect: that asking again is cheap once somebody has asked, whatever kind of scan it was.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @electric-sql/pglite@0.5.17

cat >count.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';

const database = new PGlite();
await database.exec(`
  create table job (id bigint generated always as identity primary key, account text, state text, body text);
  create index waiting on job (account) where state = 'waiting';
  insert into job (account, state, body)
    select 'a', 'waiting', repeat('x', 200) from generate_series(1, 50000);
  update job set state = 'done';
`);

async function count() {
  const { rows } = await database.query(`
    explain (analyze, buffers, format json)
    select count(*) from job where state = 'waiting' and account = 'a'`);
  const [{ Plan: plan }] = rows[0]['QUERY PLAN'];
  const scan = plan.Plans[0]['Node Type'];
  const pages = plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  console.error(`${scan}: ${pages} pages`);
  return pages;
}
const bitmap = [await count(), await count(), await count()];
await database.exec('set enable_bitmapscan = off');
const index = [await count(), await count(), await count()];
const isSame = (a, b) => Math.abs(a - b) <= 2;
console.log(isSame(bitmap[0], bitmap[2]) && isSame(bitmap[0], index[0]) ? 'never' : 'once');
console.log(index[1] < index[0] / 10 && isSame(index[1], index[2]) ? 'once' : 'never');
JS
[ "$(node count.mjs | xargs)" = 'never once' ]
