#!/usr/bin/env bash
# express-session 1.19.0 (npm), with express 5.3.0.
#
# Seen: an answer that changes the session goes out before the store has the change: its head, and all of its body but
# the last byte. A client that has the head of a redirect follows it, and is nobody there. The last byte waits for the
# store, so whoever reads whole answers, as most tests do, never sees it.
#
# Why it matters: browsers follow a redirect by its head alone. After a sign-in a database that takes longer to store
# than the next request takes to come, for the time of a busy disk, say, sends its user to a page that does not know
# them. It comes and goes, and a reload shows nothing.
#
# Expected: the head waits, too. The page of the package says of `session.save` that it can be useful for redirects.
# What we do instead: the connection holds back what is written until the end itself (server/web/sessions.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent express@5.3.0 express-session@1.19.0 >/dev/null

cat >look.mjs <<'JS'
import { once } from 'node:events';
import express from 'express';
import session from 'express-session';

const rows = new Map();
let finish;
class SlowStore extends session.Store {
  get(id, done) {
    done(null, rows.has(id) ? JSON.parse(rows.get(id)) : null);
  }
  set(id, data, done) {
    finish = () => {
      rows.set(id, JSON.stringify(data));
      done();
    };
  }
}
const app = express();
app.use(session({ store: new SlowStore(), secret: 'x', resave: false, saveUninitialized: false }));
app.get('/sign-in', (request, response) => {
  request.session.user = 'Ada';
  response.redirect('/home');
});
app.get('/home', (request, response) => response.send(request.session.user ?? 'nobody'));
const server = app.listen(0);
await once(server, 'listening');

async function ask(path, headers = {}) {
  const signal = AbortSignal.timeout(10_000);
  const url = `http://localhost:${server.address().port}${path}`;
  return await fetch(url, { headers, redirect: 'manual', signal });
}
const redirect = await ask('/sign-in');
const cookie = redirect.headers.get('set-cookie').split(';')[0];
const where = redirect.headers.get('location');
const who = async () => (await ask(where, { cookie })).text();
console.log(`being stored: ${redirect.status} ${where}, ${await who()}`);
finish();
console.log(`stored: ${await who()}`);
server.closeAllConnections();
server.close();
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = 'being stored: 302 /home, nobody
stored: Ada' ]
