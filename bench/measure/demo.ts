import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startPublicDemo } from '@shopkeeper/zendesk-sandbox';
import { clientKey } from '../../server/web/rate-limits.ts';
import { serve } from '../../test/support/network/serve.ts';
import { printTable } from '../report/print-table.ts';

/** What the public demo weighs with so many visitors, each of whom installs twice and talks for a while. */
const VISITORS = 1_000;
const EXCHANGES = 20;
const AT_ONCE = 8;
const CLIENT = { clientId: 'bench', clientSecret: 'bench-secret' };

const Token = z.object({ access_token: z.string() });
const Info = z.object({ app: z.object({ id: z.string() }) });

const bot = await serve((_request, response) => response.end('{}'));
const folder = await mkdtemp(join(tmpdir(), 'demo-bench-'));
const demo = await startPublicDemo({
  port: 0,
  botUrl: bot.url,
  folder,
  trustProxy: false,
  clientKey,
  log: () => {},
  limits: { newWorldsAnHour: VISITORS, formsAMinute: 10_000, callsAMinute: 10_000 },
});
const redirectUri = `${bot.url}/oauth`;
demo.registerClient({ ...CLIENT, name: 'Bench', redirectUris: [redirectUri] });

const rows: string[][] = [];
function weigh(what: string): void {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const [heap, all] = [heapUsed, rss].map((bytes) => (bytes / 1024 / 1024).toFixed(0));
  rows.push([what, `${heap} MB`, `${all} MB`]);
}

async function post(path: string, cookie: string, fields: Record<string, string>) {
  const response = await fetch(`${demo.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body: new URLSearchParams(fields),
  });
  await response.arrayBuffer();
  return response;
}

async function call(token: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${demo.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

async function openWorld() {
  const consent = await fetch(`${demo.url}/sc/oauth/authorize?client_id=bench&response_type=code`);
  const mark = /acme(-[a-z2-7]{16})"/.exec(await consent.text())?.[1] ?? '';
  const cookie = consent.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  // A browser asks for the style sheet next, which shows that it keeps the cookie.
  await (await fetch(`${demo.url}/assets/base.css`, { headers: { cookie } })).arrayBuffer();
  return { mark, cookie };
}

async function install(account: string, cookie: string): Promise<{ token: string; base: string }> {
  const asked = { client_id: 'bench', response_type: 'code', account, decision: 'allow' };
  const allowed = await post('/sc/oauth/authorize', cookie, asked);
  const code = new URL(allowed.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const answer = await fetch(`${demo.url}/sc/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      code,
      grant_type: 'authorization_code',
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
    }),
  });
  const { access_token: token } = Token.parse(await answer.json());
  const { app } = Info.parse(await call(token, '/sc/v2/tokenInfo'));
  const base = `/accounts/${account}/sc/v2/apps/${app.id}`;
  const triggers = ['conversation:message'];
  await call(token, `${base}/integrations/me/webhooks`, { target: `${bot.url}/hook`, triggers });
  return { token, base };
}

async function visit({ mark, cookie }: { mark: string; cookie: string }): Promise<void> {
  const { token, base } = await install(`acme${mark}`, cookie);
  await install(`bloom${mark}`, cookie);
  const messenger = `/accounts/acme${mark}/messenger`;
  const opened = await post(`${messenger}/conversations`, cookie, {});
  const jar = `${cookie}; ${opened.headers.getSetCookie()[0]?.split(';', 1)[0]}`;
  const desk = await fetch(`${demo.url}/accounts/acme${mark}/agent`, { headers: { cookie } });
  const id = /conversations\/([0-9a-f]{24})/.exec(await desk.text())?.[1];
  for (let n = 0; n < EXCHANGES; n += 1) {
    const text = `Where is my order number ${n}? I have been waiting for a week.`;
    await post(`${messenger}/messages`, jar, { text });
    await call(token, `${base}/conversations/${id}/messages`, {
      author: { type: 'business' },
      content: { type: 'text', text: `You said: “${text}”` },
    });
  }
}

async function forEach<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

weigh('nobody');
const visitors: { mark: string; cookie: string }[] = [];
const numbers = Array.from({ length: VISITORS }, (_, number) => number);
await forEach(numbers, async () => void visitors.push(await openWorld()));
weigh(`${VISITORS} sandboxes opened`);
await forEach(visitors, visit);
weigh(`each with 2 installs and ${EXCHANGES * 2} messages`);
await demo.close();
bot.close();
const sizes = await Promise.all(
  (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
);
const total = sizes.reduce((sum, size) => sum + size, 0);
rows.push(['files', `${(total / sizes.length / 1024).toFixed(0)} KB each`, String(sizes.length)]);
await rm(folder, { recursive: true });
process.stdout.write(`${printTable({ head: ['Public demo', 'heap', 'process'], rows })}\n`);
