#!/usr/bin/env bash
# zod 4.6.7 with typescript 7.0.2 (npm): the type of an object schema without keys allows no key at all.
#
# Seen: `z.infer` of `z.object({})` is `Record<string, never>`. A value with a key is refused by the compiler,
# and so is an interface that extends the type and declares one; of `z.object({ one: … })` both are taken. At
# run time the same empty schema parses an object with keys without complaint, and drops them.
#
# Why it matters: a starter ships an empty schema to be filled in, and declares what it means beside it. The
# first who adds a key elsewhere, by an interface that extends the inferred type, gets an error about `never`.
#
# Expected: `{}`, as an object schema is open for its type, and strict only where it says so.
# What we do instead: a plain interface to fill in, which no schema has to know (server/bot/memory.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent zod@4.6.7 typescript@7.0.2 >/dev/null
echo '{ "type": "module" }' >package.json

compiles() { # code; says whether the compiler takes it
  printf "import { z } from 'zod';\n%s\n" "$1" >look.ts
  if npx tsc --noEmit --strict --skipLibCheck --module nodenext --target es2022 look.ts >log; then echo yes; else echo no; fi
}
empty=$(compiles 'interface More extends z.infer<typeof schema> { name: string }
const schema = z.object({});
export const more: More = { name: "Jane" };')
grep -o "Property 'name'.*" log | head -1 || true
filled=$(compiles 'interface More extends z.infer<typeof schema> { name: string }
const schema = z.object({ one: z.number() });
export const more: More = { one: 1, name: "Jane" };')
cat >run.mjs <<'JS'
import { z } from 'zod';
console.log(JSON.stringify(z.object({}).parse({ name: 'Jane' })));
JS
parsed=$(node run.mjs)
echo "extending the type of an empty schema: $empty; of one with a key: $filled; at run time it parses to $parsed"
[ "$empty $filled $parsed" = 'no yes {}' ] && echo 'As described.' || { echo 'This has changed.'; exit 1; }
