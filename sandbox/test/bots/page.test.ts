import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../test/support/browser/browser.ts';
import { startDemo } from '../../../test/demo/support/start-demo.ts';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

let world: World;
let visitor: ReturnType<typeof createBrowser>;
beforeEach(async () => {
  world = await startWorld();
  visitor = createBrowser(world.url);
});
afterEach(() => world.close());

const FIELDS = { name: 'My "first" bot', redirectUris: 'http://localhost:4000/oauth' };

/** What the page shows of a variable. */
const variable = (html: string, name: string) =>
  new RegExp(`^(?:.*<code>)?${name}=(.*)$`, 'm').exec(html)?.[1] ?? '';

describe('the page of bots', () => {
  it('is linked from the front page, and lists what is registered', async () => {
    expect((await visitor.get('/')).text).toContain('href="/bots"');
    world.install();
    const { text } = await visitor.get('/bots');
    expect(text).toContain(`<code>${CLIENT_ID}</code>`);
    expect(text).toContain(`<code>${world.redirectUri}</code>`);
    expect(text).toContain('in 1 account');
    expect(text).toContain(`<code>${world.url}/sc/oauth/token</code>`);
  });

  it('registers a bot and shows its secret once, with every variable to set', async () => {
    const page = await visitor.send('/bots', FIELDS);
    expect(page.status).toBe(201);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const id = variable(page.text, 'OAUTH_CLIENT_ID');
    const secret = variable(page.text, 'OAUTH_CLIENT_SECRET');
    expect(id).toMatch(/^my-first-bot-[0-9a-f]{6}$/);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(variable(page.text, 'ZENDESK_MARKETPLACE_NAME')).toBe(
      '&#39;My &#34;first&#34; bot&#39;',
    );
    expect(variable(page.text, 'ZENDESK_OAUTH_URL')).toBe(`${world.url}/sc`);
    expect(variable(page.text, 'ZENDESK_API_URL')).toBe(`${world.url}/accounts/{subdomain}/sc`);
    const names = [...page.text.matchAll(/^(?:.*<code>)?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names.slice(0, 4)).toEqual([
      'OAUTH_CLIENT_ID',
      'OAUTH_CLIENT_SECRET',
      'ZENDESK_MARKETPLACE_NAME',
      'ZENDESK_MARKETPLACE_ORG_ID',
    ]);
    expect(page.text).toContain('Zendesk’s own sample reads the first four,');
    const { text } = await visitor.get('/bots');
    expect(text).toContain(`<code>${id}</code>`);
    expect(text).not.toContain(secret);
  });

  it('registers a bot that can then be installed', async () => {
    const page = await visitor.send('/bots', {
      ...FIELDS,
      clientId: 'mine',
      clientSecret: 'secret-8',
    });
    expect(page.status).toBe(201);
    const authorize = `/sc/oauth/authorize?response_type=code&client_id=mine&state=x`;
    const consent = await visitor.get(authorize);
    const decided = await visitor.fillIn(consent, '/sc/oauth/authorize', {
      account: 'acme',
      decision: 'allow',
    });
    const back = new URL(visitor.location(decided));
    expect(back.origin + back.pathname).toBe(FIELDS.redirectUris);
    const answer = await fetch(`${world.url}/sc/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        client_id: 'mine',
        client_secret: 'secret-8',
      }),
    });
    expect(answer.status).toBe(200);
  });

  it('stands for a bot without a picture by the whole first character of its name', async () => {
    await visitor.send('/bots', { ...FIELDS, name: '🇨🇦 Tents', clientId: 'mine' });
    const consent = await visitor.get('/sc/oauth/authorize?response_type=code&client_id=mine');
    expect(consent.text).toContain('aria-hidden="true">🇨🇦</span>');
  });

  it.each([
    [{ name: ' ' }, 'This has to be given'],
    [{ name: 'a\u0000b' }, 'This has to be on one line'],
    [{ name: 'x'.repeat(101) }, 'This has to be shorter than 101'],
    [{ redirectUris: '' }, 'This has to have at least one address'],
    [{ redirectUris: 'localhost:4000/oauth' }, 'has to be a whole http or https address'],
    [{ redirectUris: 'javascript:alert(1)' }, 'has to be a whole http or https address'],
    [{ redirectUris: 'https://a.example/#b' }, 'has to be without what begins with #'],
    [{ redirectUris: 'https://*.a.example/' }, 'has to be written out'],
    [{ redirectUris: 'https://a.example/ https://a.example/' }, 'has an address twice'],
    [{ removeUrl: 'https://me:secret@a.example/' }, 'has to be without a user name'],
    [{ configurationUrl: 'nowhere' }, 'This has to be a whole'],
    [{ clientId: 'two words' }, 'This has to be of the letters'],
    [{ clientSecret: 'short' }, 'This has to have at least 8'],
    [{ clientId: CLIENT_ID }, `This belongs to a bot already: ${CLIENT_ID}`],
  ])(
    'refuses %o with a sentence at the field, and keeps what was typed',
    async (wrong, sentence) => {
      const page = await visitor.send('/bots', { ...FIELDS, removeUrl: '', ...wrong });
      expect(page.status).toBe('clientId' in wrong && wrong.clientId === CLIENT_ID ? 409 : 400);
      expect(page.text.replaceAll('&#39;', "'")).toContain(sentence);
      expect(page.text).toContain('aria-invalid="true"');
      if (!('name' in wrong)) expect(page.text).toContain('value="My &#34;first&#34; bot"');
      expect((await visitor.get('/bots')).text.match(/\/unregister"/g)).toHaveLength(1);
    },
  );

  it('takes a bot away from every account, and tells its remove URL', async () => {
    const bot = world.install();
    const page = await visitor.get('/bots');
    const left = await visitor.submit(page, `/bots/${CLIENT_ID}/unregister`);
    expect(left.text).toContain('None yet.');
    await world.control.settled();
    expect(world.receiver.received).toMatchObject([
      { path: '/remove', body: { appId: bot.appId } },
    ]);
    expect((await bot.call('GET', '/users/x')).status).toBe(401);
    expect((await visitor.send(`/bots/${CLIENT_ID}/unregister`)).status).toBe(404);
  });

  it('takes no form and no JSON of another site', async () => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await fetch(`${world.url}/bots`, {
        method: 'POST',
        headers: { origin: 'https://evil.example', 'content-type': type },
        body: JSON.stringify(FIELDS),
      });
      expect(answer.status).toBe(403);
    }
  });

  it('is not in the public demo', async () => {
    const demo = await startDemo();
    expect((await fetch(`${demo.url}/bots`)).status).toBe(404);
    await demo.close();
  });
});
