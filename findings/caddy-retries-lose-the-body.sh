#!/usr/bin/env bash
# Tool: Caddy 2.6.2 (Debian 12's caddy 2.6.2-5). Mended in 2.11.2 (caddyserver/caddy pull request 7547).
#
# What it does: with `lb_try_duration`, a request whose upstream refuses the connection is tried on the next
# one. For a GET that works. For a POST with a body it does not, although nothing of the body was sent: Go's
# transport closes the body when the connection fails, and the retry on the healthy upstream ends with 502
# and “http: invalid Read on closed Body”.
#
# Why it matters: webhooks are POSTs. In the second between the death of an instance and the next health
# check, half of them are answered 502 while a healthy instance stands by.
#
# What one would expect: a refused connection is the one failure after which every request may be sent again.
set -euo pipefail

folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq -o APT::Sandbox::User=root caddy=2.6.2-5
dpkg -x caddy_*.deb .

cat >app.mjs <<'JS'
import { createServer } from 'node:http';
createServer((request, response) => request.resume().on('end', () => response.end('taken')))
  .listen(18302, '127.0.0.1');
JS
cat >Caddyfile <<'CADDY'
:18300 {
	bind 127.0.0.1
	reverse_proxy 127.0.0.1:18301 127.0.0.1:18302 {
		lb_policy first
		lb_try_duration 5s
		# After a refusal, so that the retry goes to the other one.
		fail_duration 1s
	}
}
CADDY
node app.mjs &
HOME=$folder CADDY_ADMIN=127.0.0.1:18303 ./usr/bin/caddy run --adapter caddyfile --config Caddyfile 2>log &
for _ in $(seq 50); do
  curl -s -o /dev/null http://127.0.0.1:18302/ && curl -s -o /dev/null http://127.0.0.1:18300/ && break
  sleep 0.1
done

status_of() { # arguments of curl
  # Until the first upstream, on which nobody listens, is tried first again.
  sleep 1.2
  curl -s -o /dev/null -w '%{http_code}' "$@" http://127.0.0.1:18300/
}
get=$(status_of)
bare=$(status_of -X POST)
post=$(status_of -X POST --data x)
reason=$(grep -o 'http: invalid Read on closed Body' log | head -n 1 || true)
echo "GET $get, POST without a body $bare, POST with a body $post: $reason"
[ "$get $bare $post $reason" = '200 200 502 http: invalid Read on closed Body' ]
