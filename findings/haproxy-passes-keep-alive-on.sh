#!/usr/bin/env bash
# Tool: HAProxy 2.6.12 (Debian 12's haproxy 2.6.12-1+deb12u4).
#
# What it does: a server's `Keep-Alive: timeout=3620`, which tells how long it keeps the connection that
# HAProxy has with it, is passed on to the client, on a connection that HAProxy closes after its own
# `timeout http-keep-alive` or `timeout client`.
#
# Why it matters: clients believe it. Node's fetch keeps the connection for that long (at most ten minutes),
# sends on it while HAProxy closes it, and fails; a POST is not repeated. Node sends this header by itself,
# so lengthening keepAliveTimeout, the usual cure for 502s behind a proxy, makes it worse in front of one.
#
# What one would expect: it is about one connection, as `Connection: keep-alive` beside it says, which names
# it; RFC 9110, section 7.6.1, has a proxy take such fields away. Caddy and nginx do.
set -euo pipefail

folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq -o APT::Sandbox::User=root haproxy=2.6.12-1+deb12u4 liblua5.3-0=5.3.6-2 \
  libopentracing-c-wrapper0=1.1.3-3+b1 libopentracing1=1.6.0-4
for package in *.deb; do dpkg -x "$package" .; done

cat >app.mjs <<'JS'
import { createServer } from 'node:http';
createServer({ keepAliveTimeout: 3_620_000 }, (request, response) => response.end('here'))
  .listen(18312, '127.0.0.1');
JS
cat >haproxy.cfg <<'CFG'
defaults
	mode http
	timeout connect 5s
	timeout client 60s
	timeout server 60s
	timeout http-keep-alive 1s
listen app
	bind 127.0.0.1:18310
	server app 127.0.0.1:18312
CFG
cat >client.mjs <<'JS'
const { headers } = await fetch('http://127.0.0.1:18310/');
console.log(headers.get('keep-alive'));
JS
node app.mjs &
LD_LIBRARY_PATH=$(dirname "$(find . -name 'liblua5.3.so.0')") ./usr/sbin/haproxy -db -f haproxy.cfg 2>log &
for _ in $(seq 50); do
  curl -fs -o /dev/null http://127.0.0.1:18310/ && break
  sleep 0.1
done

given=$(node client.mjs)
echo "HAProxy closes after 1 s, and tells its client: Keep-Alive: $given"
[ "$given" = timeout=3620 ]
