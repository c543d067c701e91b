#!/usr/bin/env bash
# prom-client 15.1.3 (npm): what collectDefaultMetrics() begins never ends, and keeps its registry alive.
#
# Seen: a registry that was given to `collectDefaultMetrics({ register })`, cleared, and let go is still in
# memory after garbage collections; one that only had a counter is gone. The function returns nothing to stop
# its collectors with, and `register.clear()` leaves them running.
#
# Why it matters: a program that builds its app more than once, as tests and clusters in one process do, keeps
# every one of them, with all that the gauges of its registry close over.
#
# Expected: that a registry which is cleared and dropped takes its collectors along, or something to end them.
# What we do instead: one such registry a process, merged into the app's own when it is asked for
# (server/features/metrics/index.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent prom-client@15.1.3 >/dev/null

cat >look.cjs <<'JS'
const { Counter, Registry, collectDefaultMetrics } = require('prom-client');

function begin(watchesTheProcess) {
  const register = new Registry();
  new Counter({ name: 'some_total', help: 'Some.', registers: [register] });
  const returned = watchesTheProcess ? collectDefaultMetrics({ register }) : undefined;
  register.clear();
  return { register: new WeakRef(register), returned };
}

async function look(watchesTheProcess) {
  const { register, returned } = begin(watchesTheProcess);
  for (let n = 0; n < 20 && register.deref() !== undefined; n++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    global.gc();
  }
  const isKept = register.deref() !== undefined;
  const what = watchesTheProcess ? 'with default metrics' : 'with a counter alone';
  console.log(`${what}: returned ${returned}, ${isKept ? 'still in memory' : 'gone'}`);
  return isKept;
}

(async () => {
  const counterAlone = await look(false);
  const defaults = await look(true);
  const isAsDescribed = !counterAlone && defaults;
  console.log(isAsDescribed ? 'As described.' : 'This has changed.');
  process.exit(isAsDescribed ? 0 : 1);
})();
JS
node --expose-gc look.cjs
