#!/usr/bin/env bash
# nodemailer 10.6.1 (npm), as every version since 5.
#
# Seen: the name of a mail server is looked up by a question to DNS, and only where that has no answer by the system,
# as everything else in Node does. So /etc/hosts does not count where DNS knows the name, too, and even `localhost` is
# whatever the DNS server says.
#
# Why it matters: an address in /etc/hosts, or `extra_hosts` of a container, is meant to win, and every other program
# on the machine goes there. And what is allowed to go out without TLS because it does not leave the machine does
# leave it, password and all, where DNS has an answer for every name, as behind some providers.
#
# Expected: the system is asked, which asks DNS by itself, and for localhost at the least (RFC 6761 §6.3). The page on
# SMTP has its reader look up the address of what is in /etc/hosts, and name the host once more for its certificate.
# What we do instead: the connection is opened by Node and handed over (server/features/connections/notify/mail.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --no-save --no-audit --no-fund --silent nodemailer@10.6.1 >/dev/null

cat >look.mjs <<'JS'
import dns from 'node:dns';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';

// What a DNS server answers that has an answer for every name.
dns.Resolver.prototype.resolve4 = (name, done) => setImmediate(done, null, ['127.0.0.9']);
dns.Resolver.prototype.resolve6 = (name, done) => setImmediate(done, null, []);

const server = createServer();
await promisify(server.listen.bind(server))(0, '127.0.0.1');
const { port } = server.address();
server.close();
const { address } = await dns.promises.lookup('localhost', { family: 4 });
console.log(`the system: ${address}`);
const transport = createTransport({ host: 'localhost', port });
const mail = { from: 'a@example.com', to: 'b@example.com', text: 'x' };
const error = await transport.sendMail(mail).catch((thrown) => thrown);
console.log(`nodemailer: ${/127\.0\.0\.\d/.exec(error.message)}`);
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = 'the system: 127.0.0.1
nodemailer: 127.0.0.9' ]
