import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '@shopkeeper/zendesk-sandbox';
import { readLeftovers } from '../../support/store/leftovers.ts';
import { CLIENT_ID, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

const isGone = async (id: string) => (await shop.stores.installations.find(id)) === undefined;

describe('disconnecting', () => {
  it('revokes at Zendesk and leaves nothing but one line behind', async () => {
    const { browser, page, id } = await shop.installAndOpen();
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    await waitUntil('the bot answered', () => shop.zendesk.messages(conversationId).length >= 1);
    const home = await browser.submit(page, '/disconnect');
    expect(home.url).toBe(`${shop.url}/`);
    expect(home.text).toContain('is disconnected');
    expect(shop.zendesk.installations()).toEqual([]);
    await shop.zendesk.settled();
    const rows = await readLeftovers(shop.database, id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(/was disconnected by its owner, browser [0-9a-f]{6}\./);
  });

  it.each<[string, FaultInput]>([
    ['cannot be reached', { kind: 'answer', operation: 'RevokeAccess', status: 500 }],
    ['refuses', { kind: 'answer', operation: 'RevokeAccess', status: 403 }],
    ['is behind a firewall', { kind: 'html', operation: 'RevokeAccess', status: 401 }],
    ['is behind a proxy', { kind: 'proxyJson', operation: 'RevokeAccess', status: 404 }],
    [
      'is behind a proxy that is polite',
      { kind: 'proxyJson', operation: 'RevokeAccess', status: 200 },
    ],
    ['is behind a sign-in page', { kind: 'html', operation: 'RevokeAccess', status: 200 }],
  ])('changes nothing and offers what is safe when Zendesk %s', async (_name, fault) => {
    const { browser, page, id } = await shop.installAndOpen();
    shop.zendesk.armFault(fault);
    const failed = await browser.submit(page, '/disconnect');
    expect(failed.status).toBe(502);
    expect(failed.text).toContain('Nothing was changed here.');
    expect(failed.text).toContain(`href="/installations/${id}/delete"`);
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'active' });
  });

  it('leaves no account deaf whose token was just being checked', async () => {
    const { browser, page, id } = await shop.installAndOpen();
    await shop.stores.installations.setStatus(id, ['active'], 'checking');
    shop.zendesk.armFault({ kind: 'answer', operation: 'RevokeAccess', status: 500 });
    expect((await browser.submit(page, '/disconnect')).status).toBe(502);
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'active' });
  });

  it.each([401, 404, 410])(
    'counts as done when Zendesk says with %i that nothing is left to revoke',
    async (status) => {
      const { browser, page, id } = await shop.installAndOpen();
      shop.zendesk.armFault({ kind: 'answer', operation: 'RevokeAccess', status });
      const home = await browser.submit(page, '/disconnect');
      expect(home.text).toContain('is disconnected');
      expect(await isGone(id)).toBe(true);
    },
  );

  it('counts as done when Zendesk had revoked the token already', async () => {
    const { browser, page, id } = await shop.installAndOpen();
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    shop.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
    await browser.submit(page, '/disconnect');
    expect(await isGone(id)).toBe(true);
  });

  it('does not say that all is as it was when only the answer got lost, and is done by the next try', async () => {
    const { browser, page, id } = await shop.installAndOpen();
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    shop.zendesk.armFault({ kind: 'dropAnswer', operation: 'RevokeAccess' });
    const failed = await browser.submit(page, '/disconnect');
    expect(shop.zendesk.installations()).toEqual([]);
    expect(failed.text).toContain('Nothing was changed here.');
    expect((await browser.submit(page, '/disconnect')).text).toContain('is disconnected');
    expect(await isGone(id)).toBe(true);
  });

  it('lets the account be installed again afterwards, as a new installation', async () => {
    const { browser, page, id } = await shop.installAndOpen();
    await browser.submit(page, '/disconnect');
    expect((await shop.install()).id).not.toBe(id);
  });
});
