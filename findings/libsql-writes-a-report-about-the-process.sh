#!/usr/bin/env bash
# libsql 0.5.29 (npm), by its loader @neon-rs/load 0.0.4.
#
# Seen: to find out whether the system has glibc or musl, `require('libsql')` makes Node write its whole diagnostic
# report, the one that is meant for crashes: stacks, heap, environment, limits, loaded libraries, open handles. That
# takes about as long as loading the database itself, and many times as long as detect-libc takes for the same answer,
# which is asked right after it. From there on it is the same for every other package that Neon's loader loads.
#
# Why it matters: it is most of what the package costs at each start, so in each command, function call and test
# process. A profile blames `require`, or the native library, which is innocent.
#
# Expected: a look at a file, as detect-libc does, or one binary after the other until one loads.
# What we do instead: a build answers in the place of both (server/features/sqlite/binary.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent libsql@0.5.29 >/dev/null

cat >look.cjs <<'JS'
const taken = { getReport: 0, dlopen: 0 };
let reports = 0;
function time(owner, name) {
  const original = owner[name];
  owner[name] = (...args) => {
    const began = performance.now();
    const result = original.apply(owner, args);
    taken[name] += performance.now() - began;
    reports += name === 'getReport';
    return result;
  };
}
time(process.report, 'getReport');
time(process, 'dlopen');
require('libsql');

delete require.cache[require.resolve('detect-libc')];
const { familySync } = require('detect-libc');
const began = performance.now();
const family = familySync();
const asked = performance.now() - began;

console.log(`to load the native library: ${taken.dlopen.toFixed(1)} ms`);
console.log(`to write ${reports} report before: ${taken.getReport.toFixed(1)} ms`);
console.log(`to ask detect-libc (${family}): ${asked.toFixed(1)} ms`);
const isAsDescribed = reports === 1 && taken.getReport > 5 * asked;
console.log(isAsDescribed ? 'As described.' : 'This has changed.');
process.exit(isAsDescribed ? 0 : 1);
JS
node look.cjs
