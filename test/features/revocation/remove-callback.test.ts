import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '@shopkeeper/zendesk-sandbox';
import { CHECK_TOKEN } from '../../../server/features/revocation/doubt.ts';
import { readLeftovers } from '../../support/store/leftovers.ts';
import { CLIENT_ID, startShop, type Shop } from '../../support/start-shop.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { waitUntil } from '../../support/wait-until.ts';

let clock = 0;
let shop: Shop;
beforeEach(async () => {
  clock = 0;
  shop = await startShop({ now: () => Date.now() + clock });
});
afterEach(() => shop.close());

const at = { account: 'acme', clientId: CLIENT_ID };

async function removeCallback(body: unknown): Promise<Response> {
  return fetch(`${shop.url}/remove`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const looks = () =>
  shop.zendesk.calls.filter(({ operation }) => operation === 'GetTokenInfo').length;
const statusOf = async (id: string) => (await shop.stores.installations.find(id))?.status;
const lastLine = async (id: string) => shop.notes.latest(id, 1)[0];
const isGone = async (id: string) => (await shop.stores.installations.find(id)) === undefined;

/** Lets a scheduled look at the token come due, as often as it takes. */
async function waitForChecks(condition: () => Promise<boolean>): Promise<void> {
  await waitUntil('the removal was judged', async () => {
    const { dueAt } = await shop.database.kysely
      .selectFrom('events')
      .select(({ fn }) => fn.min('run_at').as('dueAt'))
      .where('event_id', '=', CHECK_TOKEN)
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow();
    clock = Math.max(clock, (dueAt ?? 0) - Date.now());
    return condition();
  });
}

async function talk(): Promise<string> {
  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'a private matter' });
  await waitUntil('the bot answered', () => shop.zendesk.messages(conversationId).length >= 3);
  return conversationId;
}

describe('the remove callback', () => {
  it('of a real removal leaves nothing behind', async () => {
    const { id } = await shop.install();
    await talk();
    shop.zendesk.removeInstallation(at);
    await waitForChecks(() => isGone(id));
    const rows = await readLeftovers(shop.database, id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain('was removed on the Zendesk side');
  });

  it('that is spoofed removes nothing, however often Zendesk is asked', async () => {
    const { id } = await shop.install();
    const { app_id: appId } = (await shop.stores.installations.find(id)) ?? {};
    expect((await removeCallback({ appId, integrationId: 'made-up' })).status).toBe(200);
    await waitForChecks(async () => {
      const lines = shop.notes.latest(id, 10);
      return lines.some(({ text }) => text.includes('still accepts our token: kept'));
    });
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'active' });
    expect(looks()).toBe(1 + 4);
  });

  it('that comes before the revocation has spread is believed at a later look', async () => {
    const { id } = await shop.install();
    const { app_id: appId } = (await shop.stores.installations.find(id)) ?? {};
    await removeCallback({ appId, integrationId: 'x' });
    await waitUntil(
      'Zendesk was asked once',
      async () =>
        shop.zendesk.calls.filter(({ operation }) => operation === 'GetTokenInfo').length > 1,
    );
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    shop.zendesk.removeInstallation(at);
    await waitForChecks(() => isGone(id));
  });

  it('waits for Zendesk to answer before it believes anything', async () => {
    const { id } = await shop.install();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500, times: 10 });
    shop.zendesk.removeInstallation(at);
    await waitForChecks(() => isGone(id));
  });

  it.each<[string, FaultInput]>([
    ['firewall', { kind: 'html', operation: 'GetTokenInfo', status: 403, times: 6 }],
    ['firewall that says 401', { kind: 'html', operation: 'GetTokenInfo', status: 401, times: 6 }],
    ['proxy', { kind: 'proxyJson', operation: 'GetTokenInfo', status: 401, times: 6 }],
    ['sign-in page', { kind: 'redirect', operation: 'GetTokenInfo', times: 6 }],
    [
      'refusal that is not about the token',
      { kind: 'answer', operation: 'GetTokenInfo', status: 403, times: 6 },
    ],
  ])('believes no %s, and deliveries go on meanwhile', async (_name, fault) => {
    const { id } = await shop.install();
    const { app_id: appId } = (await shop.stores.installations.find(id)) ?? {};
    shop.zendesk.armFault(fault);
    await removeCallback({ appId, integrationId: 'made-up' });
    await waitForChecks(async () => looks() >= 1 + 6);
    await talk();
    await waitForChecks(async () => (await lastLine(id))?.kind === 'remove-callback');
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'active' });
  });

  it('is decided by two looks, 5 s apart, and between them deliveries are put off', async () => {
    const { id } = await shop.install();
    shop.zendesk.removeInstallation(at);
    await waitUntil('the first look was bad', async () => (await statusOf(id)) === 'checking');
    const before = looks();
    const delivery = await fetch(`${shop.url}/webhooks/${id}`, { method: 'POST', body: '{}' });
    expect(delivery.status).toBe(503);
    expect(delivery.headers.get('retry-after')).not.toBeNull();
    clock += 4_000;
    expect(await isGone(id)).toBe(false);
    expect(looks()).toBe(before);
    clock += 1_500;
    await waitUntil('the installation is gone', () => isGone(id));
    expect(looks()).toBe(before + 1);
  });

  it('that is late does not harm a new install of the same account', async () => {
    const { id, browser, page } = await shop.installAndOpen();
    const { app_id: appId } = (await shop.stores.installations.find(id)) ?? {};
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    await browser.submit(page, '/disconnect');
    const again = await shop.install();
    await removeCallback({ appId, integrationId: 'old' });
    await waitForChecks(async () =>
      shop.notes.latest(again.id, 10).some(({ kind }) => kind === 'remove-callback'),
    );
    expect(await shop.stores.installations.find(again.id)).toMatchObject({ status: 'active' });
  });

  it.each([
    ['an app nobody knows', { appId: 'unknown', integrationId: 'x' }, 200],
    ['a missing integration id', { appId: 'unknown' }, 400],
    ['a list', [], 400],
    ['a number', 7, 400],
  ])('answers %s with the right status', async (_name, body, status) => {
    expect((await removeCallback(body)).status).toBe(status);
  });

  it('answers what is not JSON, and nothing at all, with 400', async () => {
    for (const body of ['{', '']) {
      expect((await fetch(`${shop.url}/remove`, { method: 'POST', body })).status).toBe(400);
    }
  });
});

describe('a removal whose callback was lost', () => {
  it('is noticed when its owner looks, shown as revoked once two looks agree, and reconnects', async () => {
    const { browser, id, statusUrl } = await shop.install();
    const words = { installation_id: id, payload: '{"text":"a private matter"}' };
    const { seq } = await insertEvent(shop.database, { ...words, run_at: Number.MAX_SAFE_INTEGER });
    shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
    shop.zendesk.removeInstallation(at);
    clock += 11_000;
    const page = await browser.get(statusUrl);
    expect(page.text).toContain('no longer accepts our token');
    await waitForChecks(async () => (await statusOf(id)) === 'revoked');
    await waitUntil('what customers wrote is gone', async () => {
      const events = shop.database.kysely.selectFrom('events').selectAll();
      const event = await events.where('seq', '=', seq).executeTakeFirst();
      return event?.state === 'failed' && event.payload === null;
    });
    const delivery = await fetch(`${shop.url}/webhooks/${id}`, { method: 'POST', body: '{}' });
    expect(delivery.status).toBe(503);
    expect((await shop.install()).id).toBe(id);
    expect(await shop.stores.installations.find(id)).toMatchObject({ status: 'active' });
  });

  it.each([401, 403])(
    'is not concluded from a firewall’s %i on the status page',
    async (status) => {
      const { browser, id, statusUrl } = await shop.install();
      for (const operation of ['ListWebhooks', 'GetTokenInfo'] as const)
        shop.zendesk.armFault({ kind: 'html', operation, status, times: 3 });
      await browser.get(statusUrl);
      await browser.get(statusUrl);
      const checks = shop.database.kysely.selectFrom('token_checks').selectAll();
      expect(await checks.execute()).toEqual([]);
      expect(await statusOf(id)).toBe('active');
    },
  );
});
