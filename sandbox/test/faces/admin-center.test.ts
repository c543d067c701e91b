import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../test/support/browser/browser.ts';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const PAGE = '/accounts/acme/admin/ai/ai-agents/ai-agents/marketplace-bots';

describe('the Admin Center', () => {
  let world: World;
  let admin: ReturnType<typeof createBrowser>;

  beforeEach(async () => {
    world = await startWorld();
    world.registerClient({
      clientId: 'second',
      clientSecret: 's',
      name: 'Second Bot',
      redirectUris: [world.redirectUri],
      configurationUrl: 'https://second.example/settings',
    });
    admin = createBrowser(world.url);
  });

  afterEach(() => world.close());

  function idOf(clientId: string) {
    return world.control.installations().find((one) => one.clientId === clientId)?.id;
  }

  it('shows the bots with their webhooks and the way to their settings', async () => {
    expect((await admin.get(PAGE)).text).toContain('No bot installed');
    const { webhook } = world.installListening();
    world.install({ clientId: 'second' });
    const { text: html } = await admin.get(PAGE);
    expect(html).toContain(idOf(CLIENT_ID));
    expect(html).toContain(webhook.target);
    expect(html).toContain('switchboard:passControl:failure');
    expect(html).toContain('href="https://second.example/settings"');
  });

  it('renames the account: the API moves, and at the old subdomain there is nobody', async () => {
    const bot = world.install();
    const path = `/v2/apps/${bot.appId}/integrations/me/webhooks`;
    const ask = (subdomain: string) =>
      fetch(`${world.url}/accounts/${subdomain}/sc${path}`, {
        headers: { Authorization: `Bearer ${bot.token}` },
      });
    expect((await ask('acme')).status).toBe(200);
    for (const name of ['', '-acme', 'bloom', 'a.b.c'])
      expect((await admin.send(`${PAGE}/subdomain`, { subdomain: name })).status).toBe(400);
    await admin.send(`${PAGE}/subdomain`, { subdomain: 'Acme-Outdoor' });
    expect((await ask('acme-outdoor')).status).toBe(200);
    const old = await ask('acme');
    expect(old.status).toBe(404);
    expect(await old.json()).toMatchObject({
      error: { title: 'No help desk at acme.zendesk.com' },
    });
    const renamed = await admin.get(PAGE.replace('acme', 'acme-outdoor'));
    expect(renamed.text).toContain('value="acme-outdoor"');
    const consent = `/sc/oauth/authorize?response_type=code&client_id=${CLIENT_ID}`;
    const { text } = await admin.get(consent);
    expect(text).toContain('>acme-outdoor.zendesk.com');
    expect(text).not.toContain('>acme.zendesk.com');
  });

  it('assigns another bot, which then gets the new conversations', async () => {
    world.install();
    world.install({ clientId: 'second' });
    await admin.send(`${PAGE}/${idOf('second')}/assign`);
    const { conversationId } = world.control.createConversation({ account: 'acme' });
    expect(world.control.conversation(conversationId).activeSwitchboardIntegration?.name).toBe(
      'second-bot',
    );
  });

  it('asks before it removes a bot and says what will happen', async () => {
    world.installListening();
    const path = `${PAGE}/${idOf(CLIENT_ID)}/remove`;
    const { text: html } = await admin.get(path);
    expect(html).toContain('Remove <bdi>Shop Bot</bdi> from <bdi>Acme Outdoor</bdi>?');
    expect(html).toContain(`${world.receiver.url}/remove`);
    expect(world.control.installations()).toHaveLength(1);
    expect((await admin.send(path)).text).toContain('No bot installed');
    await world.control.settled();
    expect(world.receiver.received.at(-1)?.path).toBe('/remove');
    expect((await admin.send(path)).status).toBe(404);
  });

  it('reports calls without the marketplace headers, as a review does', async () => {
    const bot = world.install();
    const call = (headers: Record<string, string>) =>
      fetch(`${world.url}/sc/v2/tokenInfo`, {
        headers: { Authorization: `Bearer ${bot.token}`, ...headers },
      });
    const complete = {
      'X-Zendesk-Marketplace-Name': 'Shop Bot',
      'X-Zendesk-Marketplace-Organization-Id': '1',
      'X-Zendesk-Marketplace-Bot-Id': '2',
    };
    await call(complete);
    expect((await admin.get(PAGE)).text).toContain('All 1 calls carry');
    expect((await call({ ...complete, 'X-Zendesk-Marketplace-Bot-Id': '' })).status).toBe(200);
    const { text: html } = await admin.get(PAGE);
    expect(html).toContain('1 of 2 calls lack');
    expect(html).toContain('GetTokenInfo (1×) without <code>X-Zendesk-Marketplace-Bot-Id</code>');
  });
});
