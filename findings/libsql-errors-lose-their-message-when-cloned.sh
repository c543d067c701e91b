#!/usr/bin/env bash
# Tool: libsql 0.5.29.
#
# What it does: what it throws is `instanceof Error` and has a name, a message and a stack, but it was never made
# by a constructor of errors. So `util.types.isNativeError` says no, its string tag is that of an object, and
# `structuredClone`, and with it every message to or from a worker thread, makes a plain object of the two
# properties that can be listed: the code, and no message.
#
# Why it matters: a pool of workers around SQLite is a usual thing, and so are loggers and masks that go through
# plain objects and leave errors alone. A failure then arrives as `{ code: 'SQLITE_ERROR', rawCode: 1 }`, and
# nobody is told which table is missing.
#
# What one would expect: an error like that of any class that extends Error (the second line): its clone is an
# Error and keeps its message.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts libsql@0.5.29

cat >errors.mjs <<'JS'
import { types } from 'node:util';
import Database from 'libsql';

class Ours extends Error {}

function describe(error) {
  const clone = structuredClone(error);
  return [error instanceof Error, types.isNativeError(error), clone instanceof Error, clone.message ?? 'none'];
}

try {
  new Database(':memory:').exec('select * from nowhere');
} catch (error) {
  console.error(error.message, structuredClone(error));
  console.log(describe(error).join());
}
console.log(describe(new Ours('kept')).join());
JS
seen=$(node errors.mjs)
echo "$seen"
[ "$seen" = $'true,false,false,none\ntrue,true,true,kept' ]
