import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '@shopkeeper/zendesk-sandbox';
import { waitUntil } from '../../support/wait-until.ts';
import { decide, openAccount, type Account } from './support/open-account.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let account: Account;
let late = 0;
beforeEach(async () => {
  late = 0;
  account = await openAccount({ now: () => Date.now() + late });
});
afterEach(() => account.close());

const tests = () =>
  account.zoom.calls.filter(({ operation }) => operation === 'ZoomGetUser').length;
const statusOf = async (name: string) => (await account.findConnection(name)).status;

describe('the health of a connection', () => {
  it('is “temporarily failing” while the provider is away, retried within the hour, and news both times', async () => {
    await account.connect();
    account.shop.zendesk.armFault({ kind: 'answer', operation: 'ZoomGetUser', status: 503 });
    await account.press('Sales', '/test');
    const failing = await account.findConnection('Sales');
    expect(failing).toMatchObject({ status: 'failing', reason: 'Zoom did not answer properly.' });
    const page = await account.browser.open(account.listUrl);
    expect(page.text).toContain('Temporarily failing');

    late = HOUR_MS;
    await waitUntil('it works again', async () => (await statusOf('Sales')) === 'connected');
    const lines = account.shop.notes.latest(account.id, 5);
    expect(lines.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'The connection “Sales” fails for the moment: Zoom did not answer properly.',
        'The connection “Sales” works again.',
      ]),
    );
  });

  it.each<FaultInput>([
    { kind: 'html', operation: 'ZoomGetUser', status: 403 },
    { kind: 'html', operation: 'ZoomGetUser', status: 401 },
    { kind: 'proxyJson', operation: 'ZoomGetUser' },
    { kind: 'redirect', operation: 'ZoomGetUser' },
    { kind: 'html', operation: 'ZoomGetUser', status: 200 },
  ])('is not judged by what something in between says: %j', async (fault) => {
    await account.connect();
    account.shop.zendesk.armFault(fault);
    await account.press('Sales', '/test');
    expect(await statusOf('Sales')).toBe('failing');
    late = HOUR_MS;
    await waitUntil('it works again', async () => (await statusOf('Sales')) === 'connected');
  });

  it('keeps its status under a rate limit and waits as long as it is asked to', async () => {
    await account.connect();
    const fault = { kind: 'answer', operation: 'ZoomGetUser', status: 429 } as const;
    account.shop.zendesk.armFault({ ...fault, retryAfter: 600 });
    await account.press('Sales', '/test');
    const { status, check_at: checkAt } = await account.findConnection('Sales');
    expect(status).toBe('connected');
    expect(Math.abs((checkAt ?? 0) - Date.now() - 600_000)).toBeLessThan(10_000);
  });

  it('is checked by one instance only', async () => {
    await account.connect();
    await account.shop.addInstance();
    await account.shop.addInstance();
    const before = tests();
    late = 55 * MINUTE_MS + 1_000;
    await waitUntil('it was tested', () => tests() > before);
    const { last_tested_at: testedAt } = await waitUntil('it was recorded', async () => {
      const connection = await account.findConnection('Sales');
      return (connection.last_tested_at ?? 0) > Date.now() + 50 * MINUTE_MS
        ? connection
        : undefined;
    });
    expect(tests()).toBe(before + 1);
    expect(testedAt).not.toBeNull();
  });

  it('is not looked at while the connection is disabled', async () => {
    await account.connect();
    await account.press('Sales', '/disable');
    expect(await account.findConnection('Sales')).toMatchObject({
      status: 'disabled',
      check_at: null,
    });
    const page = await account.browser.open(await account.connectionUrl('Sales'));
    expect(page.text).not.toMatch(/action="[^"]*\/(test|reconnect)"/);

    const before = tests();
    await account.press('Sales', '/enable');
    expect(await statusOf('Sales')).toBe('connected');
    expect(tests()).toBe(before + 1);
  });

  it('is on the status page, for what needs a connection', async () => {
    const missing = await account.browser.open(account.statusUrl);
    expect(missing.text).toContain('Add a Zoom connection');
    await account.connect();
    account.zoom.killRefreshToken(account.firstUser.id);
    account.zoom.expireAccessTokens();
    await account.press('Sales', '/test');
    const broken = await account.browser.open(account.statusUrl);
    const { id } = await account.findConnection('Sales');
    expect(broken.text).toContain(`href="/installations/${account.id}/connections/${id}"`);
    expect(broken.text).toContain('Zoom no longer accepts the authorization.');
  });

  it('is at the head of the account’s page while it is broken, until it works again', async () => {
    const readNotice = async () =>
      /page-notice[\s\S]*?The connection/.exec(
        (await account.browser.open(account.statusUrl)).text,
      );
    await account.connect();
    expect(await readNotice()).toBeNull();
    account.zoom.killRefreshToken(account.firstUser.id);
    account.zoom.expireAccessTokens();
    await account.press('Sales', '/test');
    expect(await readNotice()).not.toBeNull();
    const user = account.firstUser.id;
    const sent = await account.press('Sales', '/reconnect');
    await decide(account.browser, sent, { user, decision: 'allow' });
    expect(await readNotice()).toBeNull();
  });
});
