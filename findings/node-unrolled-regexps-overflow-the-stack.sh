#!/usr/bin/env bash
# Tool: Node 24.22.3; the same with 20.19.6, 22.23.5 and 26.12.1.
#
# What it does: of two expressions for a quoted string, `"(?:[^"\\]|\\.)*"` reads one with four million escapes,
# and `"[^"\\]*(?:\\.[^"\\]*)*"`, the same with its loop unrolled, throws `RangeError: Maximum call stack size
# exceeded`, though nothing calls itself. Two million are still read by both.
#
# Why it matters: the unrolled form is what one is taught to write, because it is faster and never goes back. Who
# scans JSON, CSV or a log with it has a limit of some megabytes, and an error that points at recursion.
#
# What one would expect: that the second one needs no more memory than the first; neither can match in two ways.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
platform=$(node -p 'process.platform + "-" + process.arch')
npm install --silent --no-audit --no-fund --ignore-scripts --force "node-$platform@24.22.3"

cat >scan.cjs <<'JS'
const WAYS = { alternation: /"(?:[^"\\]|\\.)*"/s, unrolled: /"[^"\\]*(?:\\.[^"\\]*)*"/s };
for (const millions of [2, 4])
  for (const [name, expression] of Object.entries(WAYS)) {
    const text = `"${'\\n'.repeat(millions * 1e6)}"`;
    try {
      console.log(name, millions, expression.exec(text)[0].length === text.length ? 'read' : 'cut');
    } catch (error) {
      console.log(name, millions, error.constructor.name);
    }
  }
JS
seen=$("node_modules/node-$platform/bin/node" scan.cjs)
echo "$seen"
[ "$seen" = $'alternation 2 read\nunrolled 2 read\nalternation 4 read\nunrolled 4 RangeError' ]
