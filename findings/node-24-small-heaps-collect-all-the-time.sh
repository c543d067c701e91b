#!/usr/bin/env bash
# Tool: Node 24.22.3. Not 22.23.5, which is run beside it, nor 20.20.2. 26.12.1 makes many major collections of the
# same program, too, but with any limit, and none of its requests costs more for it.
#
# What it does: a program keeps about 20 MB and makes objects that are soon dead, with `--max-old-space-size=128`. A
# second later its young space has grown to two halves of 32 MB, where Node 22 ends at 16. From then on most
# collections are major ones, one right after the other, each of which frees next to nothing: what is committed, the
# young space counted, lies above the limit that is named for the old one. A request costs three times as much. With
# 160 MB or more, or with `--max-semi-space-size=16`, there is a handful of them.
#
# Why it matters: the flag is how one runs a server in a small container. A server that carried 1,900 requests a second
# carried 220 with it, and nothing says why: no error, no warning, and the heap in use is a quarter of the limit.
#
# What one would expect: a limit of the old space that is compared with the old space, or a young space that is kept in
# proportion to it, as it is when Node derives both from the memory of the machine.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
platform=$(node -p 'process.platform + "-" + process.arch')
npm install --silent --no-audit --no-fund --ignore-scripts --force \
  "node22@npm:node-$platform@22.23.5" "node24@npm:node-$platform@24.22.3"

cat >requests.mjs <<'JS'
import { constants, PerformanceObserver } from 'node:perf_hooks';

let minors = 0;
let majors = 0;
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries()) {
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MINOR) minors += 1;
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) majors += 1;
  }
}).observe({ entryTypes: ['gc'] });

const kept = Array.from({ length: 80_000 }, (_, n) => ({ n, next: { n }, text: `kept ${n}` }));
const latest = new Array(500);
let handled = 0;

/** What a request makes; the latest five hundred are under way. */
function handle() {
  const items = Array.from({ length: 40 }, (_, n) => ({ n, text: `${handled}-${n}` }));
  latest[handled % latest.length] = { handled, items };
  handled += 1;
}

const end = performance.now() + 6_000;
function turn() {
  for (let n = 0; n < 500; n++) handle();
  if (performance.now() < end) return void setImmediate(turn);
  const { user, system } = process.cpuUsage();
  const most = majors > minors ? 'most are major' : 'most are minor';
  const micros = ((user + system) / handled).toFixed(1);
  console.log(kept.length > 0 && `${most} (${minors} minor, ${majors} major, ${micros} µs a request)`);
}
turn();
JS

run() {
  local name=$1 flags=${*:2}
  # shellcheck disable=SC2086
  echo "$name $flags: $("node_modules/$name/bin/node" $flags requests.mjs)"
}
seen=$(
  run node22 --max-old-space-size=128
  run node24 --max-old-space-size=128
  run node24 --max-old-space-size=128 --max-semi-space-size=16
  run node24 --max-old-space-size=256
)
echo "$seen"
[ "$(sed 's/ (.*//' <<<"$seen")" = "node22 --max-old-space-size=128: most are minor
node24 --max-old-space-size=128: most are major
node24 --max-old-space-size=128 --max-semi-space-size=16: most are minor
node24 --max-old-space-size=256: most are minor" ]
