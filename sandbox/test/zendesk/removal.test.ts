import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRecordedCalls } from '../../../test/support/openapi/check.ts';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

describe('removing an integration', () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.close());

  async function removeCalls() {
    await world.control.settled();
    return world.receiver.received.filter(({ path }) => path === '/remove').map(({ body }) => body);
  }

  it.each(['acme', 'old-mill'])(
    'by API in %s takes the token and the webhooks, then tells the partner',
    async (account) => {
      const bot = world.installListening(account);
      const [installation] = world.control.installations();
      const { conversationId } = world.control.createConversation({ account });
      const path = `${bot.host}/oauth/authorization`;
      const revoked = await world.request(bot.token, 'DELETE', path);
      expect(revoked).toMatchObject({ status: 200, body: {} });
      checkRecordedCalls(world.control.calls);
      expect((await world.request(bot.token, 'GET', '/sc/v2/tokenInfo')).status).toBe(401);
      expect((await world.request(bot.token, 'DELETE', path)).status).toBe(401);
      expect(world.control.installations()).toEqual([]);
      expect(await removeCalls()).toEqual([
        { appId: bot.appId, integrationId: installation?.integrationId },
      ]);
      expect(world.control.conversation(conversationId).activeSwitchboardIntegration?.name).toBe(
        'zd-agentWorkspace',
      );
    },
  );

  it('by the admin does the same', async () => {
    const bot = world.install();
    world.control.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
    expect((await world.request(bot.token, 'GET', '/sc/v2/tokenInfo')).status).toBe(401);
    expect(await removeCalls()).toHaveLength(1);
  });

  it('tells nobody when the callback is to be lost', async () => {
    world.install();
    world.control.armFault({ kind: 'loseRemoveCallback' });
    world.control.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
    expect(await removeCalls()).toEqual([]);
  });

  it('leaves the other accounts alone', async () => {
    world.install();
    const bloom = world.install({ account: 'bloom' });
    world.control.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
    expect((await world.request(bloom.token, 'GET', '/sc/v2/tokenInfo')).status).toBe(200);
  });

  it('makes a new integration of the next install', async () => {
    world.install();
    const [first] = world.control.installations();
    world.control.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
    world.install();
    expect(world.control.installations()[0]?.integrationId).not.toBe(first?.integrationId);
  });
});
