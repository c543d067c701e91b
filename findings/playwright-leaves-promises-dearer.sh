#!/usr/bin/env bash
# Tool: playwright-core 1.65.1, with Node 22.23.5; the same with 20.19.6, and not with 24.22.3 or 26.12.1.
#
# What it does: from its first call on, also one that needs no browser and is done with at once, each await of the
# whole process costs four times as much, until the process ends. Playwright finds its way with an
# AsyncLocalStorage, which stays enabled after a run; before Node 24 that is done by hooks on every promise. Nothing
# that Playwright offers turns it off, neither dispose() nor close().
#
# Why it matters: where test files share a process, everything that comes after the first browser test pays: of a
# suite of servers and clients it was seven percent of the processor time. Let those that need a browser come last.
#
# What one would expect: that a process is as fast as before when all browsers and contexts are closed.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
platform=$(node -p 'process.platform + "-" + process.arch')
npm install --silent --no-audit --no-fund --ignore-scripts --force playwright-core@1.65.1 \
  "newer@npm:node-$platform@24.22.3" "node-$platform@22.23.5"

cat >awaits.mjs <<'JS'
import { request } from 'playwright-core';

async function cost() {
  const started = process.cpuUsage();
  for (let n = 0; n < 400_000; n++) await null;
  const { user, system } = process.cpuUsage(started);
  return user + system;
}
const least = async () => Math.min(await cost(), await cost(), await cost(), await cost());

const before = await least();
const context = await request.newContext();
await context.dispose();
const times = (await least()) / before;
console.log(process.version, times > 2 ? 'several times as dear' : 'as before');
process.exit();
JS
seen=$(for package in "node-$platform" newer; do "node_modules/$package/bin/node" awaits.mjs; done)
echo "$seen"
[ "$seen" = $'v22.23.5 several times as dear\nv24.22.3 as before' ]
