#!/usr/bin/env bash
# Tool: Node 24.22.3; the same with 20.19.6, 22.23.5 and 26.12.1.
#
# What it does: ten thousand requests keep 60 KB of state for a millisecond, in a WeakMap under an object that is
# gone with the request. The collections of young objects, which are quick, free none of that state: it is moved to
# the old ones and waits for a major collection, of which there are dozens. The same state in a Map, with a
# `delete` at the end of each request, causes none.
#
# Why it matters: a WeakMap by request, event or socket is what one reaches for so that nothing has to be tidied
# up. Under load each major collection holds all requests up for 10 to 50 ms.
#
# What one would expect: that a value goes with its key, as the key itself does: as a key alone, in a WeakSet or
# with a number for a value, the same state is freed at once.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
platform=$(node -p 'process.platform + "-" + process.arch')
npm install --silent --no-audit --no-fund --ignore-scripts --force "node-$platform@24.22.3"

cat >requests.mjs <<'JS'
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const way = process.argv[2];
const [weakMap, weakSet, map] = [new WeakMap(), new WeakSet(), new Map()];
let majors = 0;
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries())
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) majors += 1;
}).observe({ entryTypes: ['gc'] });

async function handle() {
  const request = {};
  const state = Array.from({ length: 400 }, (_, n) => ({ n, some: [n, n, n], more: { n } }));
  if (way === 'WeakMap') weakMap.set(request, state);
  if (way === 'WeakSet') weakSet.add(state);
  if (way === 'Map') map.set(request, state);
  await sleep(1);
  map.delete(request);
}

for (let n = 0; n < 2_000; n++) await Promise.all([1, 2, 3, 4, 5].map(handle));
await sleep(10);
console.log(way, majors > 10 ? 'many major collections' : majors > 2 ? 'some' : 'none or hardly any');
JS
seen=$(for way in WeakMap WeakSet Map; do "node_modules/node-$platform/bin/node" requests.mjs "$way"; done)
echo "$seen"
[ "$seen" = $'WeakMap many major collections\nWeakSet none or hardly any\nMap none or hardly any' ]
