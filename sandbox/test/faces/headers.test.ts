import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVisitor } from '../../../test/demo/support/create-visitor.ts';
import { startDemo, type Demo } from '../../../test/demo/support/start-demo.ts';
import { addressOf } from '../../src/web/site.ts';
import { startWorld, type World } from '../support/start-world.ts';

let world: World;
let demo: Demo;
beforeAll(async () => {
  [world, demo] = await Promise.all([startWorld(), startDemo()]);
});
afterAll(async () => {
  await Promise.all([world.close(), demo.close()]);
});

/** One of each kind of route, and the status it has for a stranger. */
const ROUTES: [path: string, status: number][] = [
  ['/', 200],
  ['/assets/icon.svg', 200],
  [addressOf('js'), 200],
  [addressOf('css'), 200],
  ['/attachments/none', 404],
  ['/accounts/acme/messenger', 200],
  ['/accounts/acme/agent/changes', 200],
  ['/accounts/acme/admin/ai/ai-agents/ai-agents/marketplace-bots', 200],
  ['/sc/oauth/authorize', 400],
  ['/sc/v2/tokenInfo', 401],
  ['/portal', 200],
  ['/zoom', 200],
  ['/zoom/v2/users/me', 401],
  ['/zocks', 200],
  ['/faults', 200],
  ['/nowhere', 404],
];

const PAGE_HEADERS = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'vary',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
];

describe('what programs are answered has no headers of pages', () => {
  const CALLS = [
    '/sc/v2/tokenInfo',
    '/sc/nowhere',
    '/accounts/acme/sc/v2/apps/x/users/y',
    '/accounts/nobody/sc/v2/apps/x',
    '/legacy/v2/apps/x',
    '/zoom/v2/users/me',
    '/zocks/api/v1/me',
  ];
  const namesAt = async (url: string) => {
    const { headers } = await fetch(url);
    return PAGE_HEADERS.filter((name) => headers.has(name));
  };

  it.each(CALLS)('at %s', async (path) => {
    expect(await namesAt(world.url + path)).toEqual([]);
    expect(await namesAt(demo.url + path)).toEqual([]);
  });

  it('and pages have them', async () => {
    expect(await namesAt(world.url)).toEqual(expect.arrayContaining(['content-security-policy']));
    expect(await namesAt(`${demo.url}/`)).toContain('content-security-policy');
  });
});

describe('no other site may show what the sandbox serves', () => {
  it.each(ROUTES)('at %s', async (path, status) => {
    const leaving = new AbortController();
    const answer = await fetch(`${world.url}${path}`, { signal: leaving.signal });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    leaving.abort();
  });

  it('an uploaded file included', async () => {
    const bot = world.install();
    const form = new FormData();
    form.append('source', new Blob(['x'], { type: 'image/png' }), 'a.png');
    const upload = await fetch(
      `${world.url}${bot.host}/v2/apps/${bot.appId}/attachments?access=public`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${bot.token}` },
        body: form,
      },
    );
    const id = /attachments\/(\w+)/.exec(await upload.text())?.[1];
    const picture = await fetch(`${world.url}/attachments/${id}`, {
      headers: { authorization: `Bearer ${bot.token}` },
    });
    expect(picture.status).toBe(200);
    expect(picture.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  it('nor what the public demo does', async () => {
    const visitor = await createVisitor(demo);
    for (const path of [
      '/',
      '/robots.txt',
      '/your-sandbox',
      '/portal',
      '/sc/v2/tokenInfo',
      '/nowhere',
    ]) {
      const { headers } = await visitor.get(`${demo.url}${path}`);
      expect([path, headers.get('cross-origin-resource-policy')]).toEqual([path, 'same-origin']);
    }
    const large = await fetch(`${demo.url}/faults`, { method: 'POST', body: 'x'.repeat(110_000) });
    expect(large.status).toBe(413);
    expect(large.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });
});
