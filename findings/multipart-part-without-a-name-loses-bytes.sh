#!/usr/bin/env bash
# undici 7.29.0 (npm; Node's own `Response.formData()` is the same code): a part without a file name is text.
#
# Seen: a multipart part with `Content-Type: image/png` and no `filename` arrives as a string, decoded as
# UTF-8: of eight bytes that are no text, every one above 127 has become U+FFFD. With a `filename` the same
# bytes arrive whole, as a File. No error, no warning.
#
# Why it matters: the Conversations API documents uploads by a part called `source`, and clients leave the
# file name out of it; a server that parses with formData() stores a damaged picture and answers 201.
#
# Expected: that a part with a media type of its own is bytes. The Fetch standard says otherwise: the file
# name alone decides. What we do instead: the sandbox writes a file name into the part's header first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent undici@7.29.0 >/dev/null

cat >look.cjs <<'JS'
const { Response } = require('undici');

const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00, 0x80]);

async function look(disposition) {
  const head = `--b\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: image/png\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')]);
  const response = new Response(body, { headers: { 'Content-Type': 'multipart/form-data; boundary=b' } });
  const part = (await response.formData()).get('source');
  const got = typeof part === 'string' ? Buffer.from(part) : Buffer.from(await part.arrayBuffer());
  console.log(`${disposition}: a ${typeof part === 'string' ? 'text' : 'file'}, ${got.toString('hex')}`);
  return got.equals(bytes);
}

(async () => {
  const named = await look('name="source"; filename="a.png"');
  const unnamed = await look('name="source"');
  const isAsDescribed = named && !unnamed;
  console.log(isAsDescribed ? 'As described.' : 'This has changed.');
  process.exit(isAsDescribed ? 0 : 1);
})();
JS
node look.cjs
