import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startReceiver } from '../../support/start-receiver.ts';
import { DETAILS, readCredentials, startPortal } from './support/start-portal.ts';
import type { Credentials, PortalWorld, Visitor } from './support/start-portal.ts';

const ADMIN = '/accounts/acme/admin/ai/ai-agents/ai-agents/marketplace-bots';
const Token = z.object({ access_token: z.string() });

describe('a marketplace bot made in the portal', () => {
  let world: PortalWorld;
  let owner: Visitor;
  let site: Awaited<ReturnType<typeof startReceiver>>;
  let redirectUri: string;

  beforeEach(async () => {
    [world, site] = await Promise.all([startPortal(), startReceiver()]);
    owner = await world.signIn('Zocks Owner');
    redirectUri = `${site.url}/oauth`;
  });

  afterEach(async () => {
    await site.close();
    await world.close();
  });

  /** Through the wizard. */
  async function create(fields: Record<string, string> = {}): Promise<Credentials> {
    await owner.step('details', { ...DETAILS, platform: 'zendesk', name: 'Corner Bot' });
    await owner.step('redirect-uris', { redirectUri });
    const page = await owner.step('marketplace', {
      installUrl: `${site.url}/install`,
      removeUrl: `${site.url}/remove`,
      configurationUrl: `${site.url}/settings`,
      testAccount: 'acme',
      ...fields,
    });
    expect(page.text).toContain('Copy the secret now.');
    expect(page.text).toContain('href="/bots"');
    return readCredentials(page.text);
  }

  function decide({ clientId }: Credentials, account: string) {
    const query = { client_id: clientId, response_type: 'code', redirect_uri: redirectUri };
    return fetch(`${world.url}/sc/oauth/authorize`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...query, account, decision: 'allow' }),
    });
  }

  async function exchange(bot: Credentials, location: string | null) {
    const { clientId, clientSecret } = bot;
    const code = new URL(location ?? '').searchParams.get('code');
    return fetch(`${world.url}/sc/oauth/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'authorization_code',
        client_id: clientId,
        client_secret: clientSecret,
        code,
      }),
    });
  }

  async function install(bot: Credentials, account = 'acme') {
    return exchange(bot, (await decide(bot, account)).headers.get('location'));
  }

  it('installs in its test account, is in Admin Center there, and is told of its removal', async () => {
    const bot = await create();
    const { access_token: token } = Token.parse(await (await install(bot)).json());
    const info = await fetch(`${world.url}/sc/v2/tokenInfo`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(await info.json()).toMatchObject({ app: { subdomain: 'acme' } });

    const admin = await owner.get(ADMIN);
    for (const text of ['Corner Bot', DETAILS.logoUrl, `href="${site.url}/settings"`])
      expect(admin.text).toContain(text);
    expect((await owner.get(`/portal/apps/${bot.clientId}`)).text).toContain(
      '1 account of Zendesk has it installed.',
    );

    const [installation] = world.control.installations();
    await owner.send(`${ADMIN}/${installation?.id}/remove`);
    await expect.poll(() => site.received.map(({ path }) => path)).toEqual(['/remove']);
    expect(site.received[0]?.body).toEqual({
      appId: expect.any(String),
      integrationId: installation?.id,
    });
  });

  it('is offered to its test account alone until it is enabled', async () => {
    const bot = await create();
    const query = new URLSearchParams({ client_id: bot.clientId, response_type: 'code' });
    const consent = `/sc/oauth/authorize?${query.toString()}`;
    const before = await owner.get(consent);
    expect(before.text).toContain('Acme Outdoor');
    expect(before.text).not.toContain('Bloom Bakery');
    const refused = await decide(bot, 'bloom');
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('Corner Bot is not enabled'),
    ]);
    await owner.send(`/portal/apps/${bot.clientId}/enabled`, { enabled: 'on' });
    expect((await owner.get(consent)).text).toContain('Bloom Bakery');
    expect((await install(bot, 'bloom')).status).toBe(200);
  });

  it('is offered to nobody without a test account, and gets no token for a code it had', async () => {
    const bot = await create();
    const { headers } = await decide(bot, 'acme');
    const page = await owner.send(`/portal/apps/${bot.clientId}/manage/marketplace`, {});
    expect(page.text).toContain('Not enabled: nobody can authorize it.');
    expect(page.text).not.toContain('Install it');
    expect((await decide(bot, 'acme')).status).toBe(400);
    expect((await exchange(bot, headers.get('location'))).status).toBe(403);
  });

  it('begins to be installed where it says, or on the site of its first redirect URI', async () => {
    const bot = await create();
    const path = `/portal/apps/${bot.clientId}`;
    expect((await owner.get(path)).text).toContain(`href="${site.url}/install"`);
    const page = await owner.send(`${path}/manage/marketplace`, { testAccount: 'acme' });
    expect(page.text).toContain(`href="${site.url}/">Install it</a>`);
  });

  it('says before it is deleted whether its partner will be told', async () => {
    const path = `/portal/apps/${(await create()).clientId}`;
    expect((await owner.get(`${path}/delete`)).text).toContain(
      'its remove URL is called for each.',
    );
    await owner.send(`${path}/manage/marketplace`, {});
    const { text } = await owner.get(`${path}/delete`);
    expect(text).toContain('nobody is told: it has no remove URL.');
    expect(text).not.toContain('is called');
  });

  it('gets a new secret, and the old one stops working', async () => {
    const bot = await create();
    const fresh = readCredentials((await owner.send(`/portal/apps/${bot.clientId}/secret`)).text);
    expect((await owner.get(`/portal/apps/${bot.clientId}/secret`)).text).not.toContain(
      fresh.clientSecret,
    );
    expect((await install(bot)).status).toBe(401);
    expect((await install(fresh)).status).toBe(200);
  });

  it('keeps its test account when its program registers it again', async () => {
    const bot = await create();
    const again = { ...bot, name: 'Corner Bot', redirectUris: [redirectUri] };
    world.registerClient(again);
    expect((await decide(bot, 'bloom')).status).not.toBe(302);
    expect((await decide(bot, 'acme')).status).toBe(302);
  });

  it.each([
    ['an address that is none', { removeUrl: 'remove' }, 'removeUrl', 'whole address'],
    ['an account nobody has', { testAccount: 'nobody' }, 'testAccount', 'from the list'],
  ])('says beside the field what is wrong with %s', async (_case, fields, field, text) => {
    await owner.step('details', { ...DETAILS, platform: 'zendesk' });
    await owner.step('redirect-uris', { redirectUri });
    const page = await owner.step('marketplace', fields);
    expect(page.status).toBe(422);
    expect(page.text).toMatch(new RegExp(`id="${field}-problem">[^<]*${text}`));
    expect(page.text).toMatch(new RegExp(`href="#${field}">[^<]*${text}`));
  });

  it('has another third step than an app of Zocks, and what was typed of the other is kept', async () => {
    await owner.step('details', { ...DETAILS, platform: 'zendesk' });
    const third = await owner.step('redirect-uris', { redirectUri });
    expect(third.text).toContain('Step 3: Marketplace');
    expect((await owner.get('/portal/apps/new/scopes')).status).toBe(404);
    await owner.step('marketplace', { removeUrl: `${site.url}/remove` }, 'back');
    await owner.step('details', { ...DETAILS, platform: 'zocks' });
    expect((await owner.get('/portal/apps/new/scopes')).text).toContain('Step 3: Scopes');
    await owner.step('details', { ...DETAILS, platform: 'zendesk' });
    const page = await owner.get('/portal/apps/new/marketplace');
    expect(page.text).toContain(`value="${site.url}/remove"`);
  });
});
