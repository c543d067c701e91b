#!/usr/bin/env bash
# tsx 4.23.15 (with kysely 0.28.19 as a package of ES modules, express 5.2.1 as one of CommonJS), Node 20.
#
# Each call of tsImport() has the file anew, and with it every package of ES modules that it imports, while one of
# CommonJS stays the one that was loaded first. Two results know of two classes with one name: what one has made is
# no instance for the other. Nothing of it is ever given back, so a program that loads a file again whenever it was
# saved grows by all packages each time.
#
# It matters to whoever reloads a server or a bot by it: errors, clients and schemas from before the reload fail
# `instanceof` after it, or do not, by how their package was published.
#
# One would expect packages to be shared, as nobody edits them, or at least all of them to be treated alike.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts tsx@4.23.15 kysely@0.28.19 express@5.2.1

cat >part.ts <<'PART'
import express from 'express';
import { Kysely } from 'kysely';
export const own: object = {};
export { express, Kysely };
PART
cat >load.mjs <<'LOAD'
import { tsImport } from 'tsx/esm/api';
const [one, other] = [await tsImport('./part.ts', import.meta.url), await tsImport('./part.ts', import.meta.url)];
for (const [what, name] of [['the file', 'own'], ['the package of ES modules', 'Kysely'], ['the package of CommonJS', 'express']])
  console.log(`${what}: ${one[name] === other[name] ? 'the same' : 'another one'}`);
LOAD

said=$(node load.mjs)
echo "$said"
[ "$said" = 'the file: another one
the package of ES modules: another one
the package of CommonJS: the same' ]
echo 'As described.'
