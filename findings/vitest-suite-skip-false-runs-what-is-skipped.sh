#!/usr/bin/env bash
# Tool: vitest 4.1.12.
#
# What it does: a suite's options are given to its tests, `skip: false` among them, and there it wins over
# `it.skip`, `it.skipIf(true)` and `it.runIf(false)`: the test runs.
#
# Why it matters: `describe('…', { skip: process.platform === 'win32' }, …)` is a natural way to leave a whole
# suite out on one platform. Everywhere else it switches on each test in it that was left out for a reason
# of its own, such as a program or an account that is not there; in CI that is a red run, and a test that was
# skipped because it does harm does it.
#
# What one would expect: `skip: false` says nothing, as leaving it out does; what is skipped stays skipped.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --no-audit --no-fund vitest@4.1.12

cat >skipped.test.js <<'JS'
import { describe, it } from 'vitest';

describe('without an option', () => {
  it.skip('stays', () => {});
});
describe('with skip: false', { skip: false }, () => {
  it.skip('by skip', () => {});
  it.skipIf(true)('by skipIf', () => {});
  it.runIf(false)('by runIf', () => {});
});
JS

npx vitest run --reporter=json --outputFile=report.json >log 2>&1
node -e '
  const { testResults } = JSON.parse(require("node:fs").readFileSync("report.json", "utf8"));
  for (const { fullName, status } of testResults[0].assertionResults) console.log(`${fullName}: ${status}`);
' | tee seen

[ "$(grep -c ': passed$' seen)" = 3 ]
grep -q '^without an option stays: skipped$' seen
