#!/usr/bin/env bash
# Tool: Node 24.22.3; the same with 20.19.6, 22.23.5 and 26.12.1.
#
# What it does: a hundred thousand requests, fifty of them at a time, are each kept in a Map or a Set until they end,
# and deleted from it then. Of each fifty or so the collections of young objects free none: they are moved to the
# old ones. A Map that is full of deleted entries copies the others into a new table, and the table before it points
# to that one. Once one of these tables is old, it keeps the next one alive after its end, and that the next, each
# with all that was under way when it was given up, until a major collection.
#
# Why it matters: a Map of what is under way is in every server: by request, by job, by socket. The same in an
# object, or in an array from which the last one fills the gap, has hardly any major collection, which holds all
# requests up for 10 to 50 ms.
#
# What one would expect: that what was deleted, and lived for a millisecond, goes with the next quick collection.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
platform=$(node -p 'process.platform + "-" + process.arch')
npm install --silent --no-audit --no-fund --ignore-scripts --force "node-$platform@24.22.3"

cat >under-way.mjs <<'JS'
import { constants, PerformanceObserver } from 'node:perf_hooks';

const AT_ONCE = 50;
const makeState = () => Array.from({ length: 30 }, (_, n) => ({ n, some: [n, n, n, n, n, n] }));
const [map, set, object] = [new Map(), new Set(), {}];
const ways = {
  Map: { add: (id, state) => map.set(id, state), end: (id) => map.delete(id) },
  Set: { add: (_, state) => set.add(state), end: (_, state) => set.delete(state) },
  object: { add: (id, state) => (object[id] = state), end: (id) => delete object[id] },
};
const way = ways[process.argv[2]];
let majors = 0;
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries())
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) majors += 1;
}).observe({ entryTypes: ['gc'] });

const underWay = [];
for (let id = 0; id < 100_000; id++) {
  const before = underWay[id % AT_ONCE];
  if (before !== undefined) way.end(id - AT_ONCE, before);
  way.add(id, (underWay[id % AT_ONCE] = makeState()));
  for (let n = 0; n < 20; n++) makeState();
  if (id % 250 === 0) await new Promise(setImmediate);
}
console.log(process.argv[2], majors > 3 ? 'major collections again and again' : 'one or two');
JS
node=node_modules/node-$platform/bin/node
# With the same room for young objects in every version.
seen=$(for way in Map Set object; do "$node" --max-semi-space-size=8 under-way.mjs "$way"; done)
echo "$seen"
[ "$seen" = $'Map major collections again and again\nSet major collections again and again\nobject one or two' ]
