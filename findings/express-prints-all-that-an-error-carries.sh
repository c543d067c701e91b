#!/usr/bin/env bash
# express 5.3.0 (npm); 5.2.1 before it printed the stack.
#
# Seen: an error that no handler of the app answers, or that one has to pass on because the answer has begun, is
# printed by Express with `console.error(error)`: the stack, its causes, and every property, as deep as Node's
# inspection goes. Until 5.2 it was `error.stack` alone.
#
# Why it matters: errors of HTTP clients carry the request that failed, headers and all, and after an update within
# 5.x these stand in the log. Passing the error on is what Express asks for once headers are sent, so a careful
# handler of one's own leads there, too.
#
# Expected: a stack, as before and as the page on error handling has it.
# What we do instead: an answer that has begun is ended by ourselves (server/web/error-pages.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent before@npm:express@5.2.1 now@npm:express@5.3.0 >/dev/null

cat >look.mjs <<'JS'
import { once } from 'node:events';

const printed = [];
console.error = (...given) => printed.push(given);
for (const name of ['before', 'now']) {
  const { default: express } = await import(name);
  const app = express();
  app.get('/', (request, response) => {
    response.write('begun');
    throw Object.assign(new Error('The call failed.'), { request: { headers: { accept: '*/*' } } });
  });
  app.use((error, request, response, next) => {
    if (response.headersSent) return next(error);
    response.status(500).send('It failed.');
  });
  const server = app.listen(0);
  await once(server, 'listening');
  await fetch(`http://localhost:${server.address().port}`).then((answer) => answer.text()).catch(() => {});
  server.close();
  const [[what]] = printed.splice(0);
  const isWhole = what.request?.headers.accept === '*/*';
  console.log(`${name}: ${typeof what}${isWhole ? ', with the request' : ''}`);
}
JS
seen=$(NODE_ENV=production node look.mjs)
echo "$seen"
[ "$seen" = 'before: string
now: object, with the request' ]
