#!/usr/bin/env bash
# pg-connection-string 2.14.1 (npm), which pg 8.23.1 reads its addresses with.
#
# Seen: an address with `sslrootcert=system` throws ENOENT, of a file named `system` in the working directory,
# while it is read, before anything is connected; also with `uselibpqcompat=true`. The same address without the
# option has the authorities that Node knows.
#
# Why it matters: since libpq 16 that word means the authorities of the system, and providers print it in the
# addresses that one copies from their pages. `psql` connects with it, the program ends at its start, with an error
# that names no address, no option and no provider.
#
# Expected: what libpq makes of it, at the least where compatibility with libpq is asked for.
# What we do instead: the option is taken out, and every certificate is checked anyway (server/features/postgres/url.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent pg-connection-string@2.14.1 >/dev/null

cat >look.cjs <<'JS'
const { parse } = require('pg-connection-string');

const address = 'postgres://shop@database.example/shop?sslmode=verify-full';
function look(more) {
  try {
    return JSON.stringify(parse(address + more).ssl);
  } catch ({ code, path }) {
    return `${code} ${path}`;
  }
}
console.log(look(''));
console.log(look('&sslrootcert=system'));
console.log(look('&sslrootcert=system&uselibpqcompat=true'));
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = '{}
ENOENT system
ENOENT system' ]
