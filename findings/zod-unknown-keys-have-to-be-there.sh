#!/usr/bin/env bash
# zod 4.6.7 (npm), as every version since 4.4; 4.3.6, and 3.25.76 before it, took all of this.
#
# Seen: `z.object({ key: z.unknown() })` refuses an object without that key. So do `z.any()`, `z.undefined()`,
# `z.custom()` and a union with `z.undefined()`, each of which takes `{ key: undefined }`, and a pipe or
# a transform of one of them; `z.lazy()` of an optional one, `z.preprocess()` and whatever has `.catch()` do not.
# With a `.catch()` around the object nobody is told: all of it is replaced by what stands there.
#
# Why it matters: "unknown" is what one writes for what somebody else sends and one has no opinion of. After an
# update within 4.x a webhook whose sender leaves such a key out is refused as a whole. `JSON.stringify` leaves
# it out as well where the value is undefined, so what one has stored oneself is not taken back either.
#
# Expected: that a schema that takes every value, undefined among them, asks for nothing; or a major version.
# What we do instead: `.optional()` behind each (server/inbox/receive/envelope.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent before@npm:zod@4.3.6 now@npm:zod@4.6.7 >/dev/null

cat >look.mjs <<'JS'
const look = (z) => {
  const schemas = {
    unknown: z.unknown(),
    any: z.any(),
    undefined: z.undefined(),
    custom: z.custom(),
    union: z.union([z.string(), z.undefined()]),
    transform: z.unknown().transform(String),
    lazy: z.lazy(() => z.string().optional()),
    preprocess: z.preprocess((given) => given ?? '', z.string()),
    optional: z.unknown().optional(),
  };
  const takes = (given) =>
    Object.keys(schemas).filter((name) => z.object({ key: schemas[name] }).safeParse(given).success);
  const inner = z.object({ id: z.string(), more: z.unknown() }).optional().catch(undefined);
  return [takes({}), takes({ key: undefined }), z.object({ inner }).parse({ inner: { id: 'a' } })];
};
for (const name of ['before', 'now']) {
  const [absent, present, caught] = look((await import(name)).z);
  console.log(`${name}, absent: ${absent.join(' ')}`);
  console.log(`${name}, undefined: ${present.join(' ')}`);
  console.log(`${name}, in a catch: ${JSON.stringify(caught)}`);
}
JS
seen=$(node look.mjs)
echo "$seen"
all='unknown any undefined custom union transform lazy preprocess optional'
[ "$seen" = "before, absent: $all
before, undefined: $all
before, in a catch: {\"inner\":{\"id\":\"a\"}}
now, absent: lazy preprocess optional
now, undefined: $all
now, in a catch: {}" ]
