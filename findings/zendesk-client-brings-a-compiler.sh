#!/usr/bin/env bash
# sunshine-conversations-client 14.1.0 (npm): Zendesk's client installs a compiler, and cannot ask whose a token is.
#
# Seen: `@babel/cli` is among its dependencies, not its development dependencies: @babel alone is 11 of the 27 MB
# that are installed, and no file of the client's dist imports it. And of the calls that the
# official description has for a bot's token, GetTokenInfo has no function, although the path of every other
# call needs the app id that it answers with; nor have ListUsers, SyncUser and PostConversionEvents.
#
# Why it matters: the first thing a marketplace bot does with a new token is GetTokenInfo. Who looks for it among
# the client's functions finds the other OAuth calls, and no hint; and a container grows by a compiler.
#
# Expected: a client of superagent's size, with a function for every operation of the description.
# What we do instead: no client, but fetch with the description held against each call in tests (server/zendesk).
# docs/use-the-sandbox.md shows the client with a call of one's own for GetTokenInfo.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent sunshine-conversations-client@14.1.0 >/dev/null
dist=node_modules/sunshine-conversations-client/dist

all=$(du -sk node_modules | cut -f1)
babel=$(du -sk node_modules/@babel | cut -f1)
echo "node_modules: $all KB, of which @babel: $babel KB"
installed=$([ -d node_modules/@babel/cli ] && echo yes || echo no)
used=$(grep -rlE "require\(['\"]@babel" "$dist" >/dev/null && echo yes || echo no)

missing=
for name in getToken revokeAccess getTokenInfo listUsers syncUser postConversionEvents; do
  grep -rq "function ${name}WithHttpInfo" "$dist" || missing="$missing $name"
done
echo "a compiler is installed: $installed, and used: $used; no function for:$missing"
[ "$installed $used$missing" = 'yes no getTokenInfo listUsers syncUser postConversionEvents' ] && echo 'As described.' || { echo 'This has changed.'; exit 1; }
