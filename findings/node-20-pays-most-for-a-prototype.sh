#!/usr/bin/env bash
# Tool: Node 20.19.6 and Express 5.1.0; Node 24.22.3 beside it.
#
# What it does: for each request Express gives Node's request and response other prototypes, so that `res.json` is
# there. On Node 20 a server that does this with the two objects, and nothing else, takes twice the processor time of
# one that does not; on Node 24 hardly more. An Express app with `express.json()` costs more than four plain servers
# here on Node 20, and less than two on Node 24: most of what is taken for the price of Express is what its two calls
# make slow, and a new Node takes it away.
#
# Why it matters: comparisons of frameworks, and decisions to leave Express for its speed, rest on this figure. Ours of
# "so many times Express" went from 1.45 to 0.73 within the hour, on one machine, by Node's version alone.
#
# What one would expect: that routing and middleware are what a framework costs, or that Node's version moves plain
# servers and frameworks alike.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
platform=$(node -p 'process.platform + "-" + process.arch')
npm install --silent --no-audit --no-fund --ignore-scripts --force \
  express@5.1.0 "node20@npm:node-$platform@20.19.6" "node24@npm:node-$platform@24.22.3"

cat >server.mjs <<'JS'
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';

const asked = Object.create(IncomingMessage.prototype);
const answered = Object.create(ServerResponse.prototype);

function plain(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 2 });
    response.end('{}');
  });
}
function withPrototypes(request, response) {
  Object.setPrototypeOf(request, asked);
  Object.setPrototypeOf(response, answered);
  plain(request, response);
}
const app = express().disable('etag').disable('x-powered-by').use(express.json());
app.post('/', (request, response) => response.json({}));

const server = createServer({ plain, withPrototypes, app }[process.argv[2]]);
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send(user + system);
});
process.on('disconnect', () => process.exit());
JS
cat >measure.mjs <<'JS'
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';

/** Microseconds of the server's processor time for a request, once it is warm. */
async function cost(node, kind) {
  const server = fork('server.mjs', [kind], { execPath: `node_modules/${node}/bin/node` });
  const [port] = await once(server, 'message');
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const ask = async () => {
    const headers = { 'Content-Type': 'application/json' };
    const asking = request({ port, host: '127.0.0.1', method: 'POST', headers, agent }).end('{}');
    const [answer] = await once(asking, 'response');
    await once(answer.resume(), 'end');
  };
  const askMany = (times) =>
    Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let n = 0; n < times; n++) await ask();
      }),
    );
  const used = async () => {
    server.send('used');
    return (await once(server, 'message'))[0];
  };
  await askMany(400);
  let micros = Infinity;
  // The least of some rounds: what else the machine does can only add to it.
  for (let round = 0; round < 5; round++) {
    const before = await used();
    await askMany(300);
    micros = Math.min(micros, ((await used()) - before) / 6_000);
  }
  server.disconnect();
  agent.destroy();
  return micros;
}

const dearer = {};
for (const node of ['node20', 'node24']) {
  const plain = await cost(node, 'plain');
  const prototypes = (await cost(node, 'withPrototypes')) / plain;
  const app = (await cost(node, 'app')) / plain;
  dearer[node] = { prototypes, app };
  console.log(
    `${node}: plain ${plain.toFixed(0)} µs, with prototypes × ${prototypes.toFixed(2)}, Express × ${app.toFixed(2)}`,
  );
}
const { node20, node24 } = dearer;
const isSo = node20.prototypes > 1.4 * node24.prototypes && node20.app > 1.8 * node24.app;
process.exit(isSo ? 0 : 1);
JS
node measure.mjs
