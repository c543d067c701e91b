#!/usr/bin/env bash
# oauth4webapi 3.8.8, openid-client 6.8.9 on top of it, simple-oauth2 5.1.0, arctic 3.7.0 (npm).
#
# Seen: for HTTP Basic at a token endpoint, oauth4webapi turns `-`, `_`, `.` and `~` of a client id or secret
# into %2D, %5F, %2E and %7E before it encodes the pair; openid-client sends the same. simple-oauth2 leaves
# these four alone in its strict mode, which is the default, and arctic escapes nothing at all.
#
# Why it matters: RFC 6749 wants both form-encoded, and a server that decodes them takes either spelling. One
# that compares what stands there, and ids with `_` or `-` are common, refuses the right secret as
# invalid_client, from one client and not from the other.
#
# Expected: that an encoder leaves alone what is unreserved in every specification of such encodings.
# What to do: client_secret_post where a server offers it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent \
  oauth4webapi@3.8.8 openid-client@6.8.9 simple-oauth2@5.1.0 arctic@3.7.0 >/dev/null

cat >look.mjs <<'JS'
import { createServer } from 'node:http';
import { once } from 'node:events';
import { OAuth2Client } from 'arctic';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { ClientCredentials } from 'simple-oauth2';

let seen;
const server = createServer((request, response) => {
  seen = Buffer.from(request.headers.authorization.slice('Basic '.length), 'base64').toString();
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end('{"access_token":"a","token_type":"bearer","expires_in":60}');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;
const token_endpoint = `${issuer}/token`;
const [id, secret] = ['my_client-1.x~y', 'it_is-a.secret~'];
const insecure = { [oauth.allowInsecureRequests]: true };

async function show(name, ask) {
  await ask();
  console.log(`${name.padEnd(14)}${seen}`);
  return seen;
}
const pairs = [
  await show('oauth4webapi', () =>
    oauth.clientCredentialsGrantRequest(
      { issuer, token_endpoint },
      { client_id: id },
      oauth.ClientSecretBasic(secret),
      new URLSearchParams({ scope: 'read' }),
      insecure,
    ),
  ),
  await show('openid-client', () => {
    const config = new openid.Configuration({ issuer, token_endpoint }, id, undefined, openid.ClientSecretBasic(secret));
    openid.allowInsecureRequests(config);
    return openid.clientCredentialsGrant(config, { scope: 'read' });
  }),
  await show('simple-oauth2', () =>
    new ClientCredentials({ client: { id, secret }, auth: { tokenHost: issuer, tokenPath: '/token' } }).getToken({}),
  ),
  await show('arctic', () =>
    new OAuth2Client(id, secret, `${issuer}/callback`).validateAuthorizationCode(token_endpoint, 'code', null),
  ),
];
server.close();
server.closeAllConnections();
const escaped = 'my%5Fclient%2D1%2Ex%7Ey:it%5Fis%2Da%2Esecret%7E';
const plain = `${id}:${secret}`;
process.exitCode = JSON.stringify(pairs) === JSON.stringify([escaped, escaped, plain, plain]) ? 0 : 1;
JS
node look.mjs
