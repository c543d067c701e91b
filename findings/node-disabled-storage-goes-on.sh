#!/usr/bin/env bash
# Tool: Node 22.23.5 (20.19.6 does the same) and 24.22.3 (26.12.1 does the same).
#
# What it does: `AsyncLocalStorage#disable` is to end all contexts of a storage. Before Node 24 a piece of work that
# was started in one and still waits finds nothing in the storage from then on, until anybody calls `run` again, for
# work of its own: then the old value is back. Since Node 24 the waiting work finds its value all the time;
# `disable` empties the storage for its caller alone.
#
# Why it matters: whoever disables a storage when the last piece of work has ended, because an enabled one makes
# promises dear before Node 24, believes that what outlives the work belongs to nothing. A tracer puts such calls into
# a trace that is closed: on Node 22 when the server is busy, so in no test of one request, and on Node 24 always. Keep
# an object in the storage and empty that when the work ends.
#
# What one would expect: the same on each version, and that what ended stays ended.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
platform=$(node -p 'process.platform + "-" + process.arch')
npm install --silent --no-audit --no-fund --ignore-scripts --force \
  "node-$platform@22.23.5" "newer@npm:node-$platform@24.22.3"

cat >work.mjs <<'JS'
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';

const storage = new AsyncLocalStorage();
const gates = new EventTarget();
const passed = (gate) => once(gates, gate).then(() => storage.getStore());
const open = (gate) => gates.dispatchEvent(new Event(gate));

const [early, late] = storage.run('its own', () => [passed('early'), passed('late')]);
storage.disable();
open('early');
console.log('once it is disabled, what waited finds', await early);
await storage.run('of somebody else', async () => {
  open('late');
  console.log('while others work, what waited finds', await late);
});
JS

fails=0
expect() {
  local seen
  seen=$("node_modules/$1/bin/node" work.mjs)
  printf '%s\n%s\n' "$("node_modules/$1/bin/node" --version)" "$seen"
  [ "$seen" = "$2" ] || fails=1
}
expect "node-$platform" 'once it is disabled, what waited finds undefined
while others work, what waited finds its own'
expect newer 'once it is disabled, what waited finds its own
while others work, what waited finds its own'
exit "$fails"
