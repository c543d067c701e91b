#!/usr/bin/env bash
# Tool: Node 20.19.6. 22.23.5 has one or two major collections with the program below, but 40 as soon as a start-up has
# filled the young space beforehand and the arrays have 10,500 members. 24.22.3 and 26.12.1 have up to two dozen in
# some runs and one or two in the others, nearly always the latter unless their young space, which is larger, is
# brought down to the 16 MB of Node 20.
#
# What it does: fifty customers ask in step. Each request makes 17 KB of object literals, waits for its turn twice,
# and is done some milliseconds later. The young space fills up about once a round, so its collections find the
# literals of one round all alive. V8 takes that for long lives ("allocation-site pretenuring") and compiles the
# function anew, so that it makes its literals among the old objects. Dead there, they wait for a major collection,
# of which there are dozens. With `--no-allocation-site-pretenuring` the same program has one or two.
#
# Why it matters: a server that gathers writes into batches answers in step, as here. Its requests' objects, with
# all they point to, become old ones, and major collections, several times as many, hold the other requests up: in
# one such server the slowest hundredth took 80 to 115 ms, and 42 with the flag. NODE_OPTIONS refuses it; the command
# line and `v8.setFlagsFromString` take it.
#
# What one would expect: that to have survived one collection is not enough to be made old, as it is not for an
# object that is made young.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
platform=$(node -p 'process.platform + "-" + process.arch')
npm install --silent --no-audit --no-fund --ignore-scripts --force "node-$platform@20.19.6"

cat >requests.mjs <<'JS'
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

let majors = 0;
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries())
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) majors += 1;
}).observe({ entryTypes: ['gc'] });

function order(n) {
  return {
    n,
    buyer: { name: '', mail: '', address: { street: '', town: '', country: '' } },
    payer: { name: '', mail: '', address: { street: '', town: '', country: '' } },
    sender: { name: '', mail: '', address: { street: '', town: '', country: '' } },
    receiver: { name: '', mail: '', address: { street: '', town: '', country: '' } },
    sums: { net: 0, tax: 0, gross: 0 },
    state: { paid: false, sent: false, open: true },
  };
}

function ordersOf(customer) {
  const orders = [];
  for (let n = 0; n < 30; n++) orders.push(order(n));
  return { customer, orders };
}

async function handle(customer) {
  const { orders } = ordersOf(customer);
  await turn();
  for (let n = 0; n < 3; n++) new Array(10_000).fill(n); // what else a request makes, of which nothing is kept
  await turn();
  return orders.length;
}

const customers = Array.from({ length: 50 }, (_, n) => n);
for (let n = 0; n < 600; n++) await Promise.all(customers.map(handle));
await sleep(10);
console.log(majors > 15 ? 'many major collections' : majors > 4 ? 'some' : 'hardly any');
JS
# The limit is Node 20's own; it is given because machines with little memory have a lower one. One thread, so that
# when the function is compiled does not depend on the machine: with several, one run in twenty showed nothing.
seen=$(for flag in --allocation-site-pretenuring --no-allocation-site-pretenuring; do
  echo "$flag: $("node_modules/node-$platform/bin/node" --max-semi-space-size=16 --single-threaded "$flag" requests.mjs)"
done)
echo "$seen"
[ "$seen" = $'--allocation-site-pretenuring: many major collections\n--no-allocation-site-pretenuring: hardly any' ]
