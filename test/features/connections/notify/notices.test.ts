import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engines } from '../../../support/store/engines.ts';
import { readMetrics } from '../../../support/read-metrics.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { openMailbox, openReceiver } from '../support/alert-receivers.ts';
import { decide, openAccount, variablesOfSandbox, type Account } from '../support/open-account.ts';

const [MINUTE_MS, HOUR_MS] = [60_000, 60 * 60_000];
const NEWEST = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const OLDER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

describe.each(engines)('that a connection breaks or works again, on %s,', (engine) => {
  let account: Account;
  let receiver: Awaited<ReturnType<typeof openReceiver>>;
  let mailbox: Awaited<ReturnType<typeof openMailbox>>;
  let late = 0;

  beforeEach(async () => {
    late = 0;
    receiver = await openReceiver();
    mailbox = await openMailbox();
    account = await openAccount({
      engine,
      now: () => Date.now() + late,
      variables: (url) => ({
        ...variablesOfSandbox(url),
        ALERT_WEBHOOK_URL: receiver.url,
        ALERT_WEBHOOK_SECRETS: `${NEWEST},${OLDER}`,
        SMTP_URL: mailbox.url,
        ALERT_MAIL_FROM: 'Shop bot <bot@example.com>',
        ALERT_MAIL_TO: 'ops@example.com, sales@example.com',
      }),
    });
  });
  afterEach(async () => {
    await account.close();
    receiver.close();
    mailbox.close();
  });

  const types = () => receiver.received.map(({ body }) => String(JSON.parse(body).type));
  const told = (count: number) =>
    waitUntil(`${count} were told`, () => receiver.received.length >= count);

  async function breakIt(name = 'Sales'): Promise<void> {
    account.zoom.killRefreshToken(account.firstUser.id);
    account.zoom.expireAccessTokens();
    await account.press(name, '/test');
  }
  const reconnect = async () =>
    decide(account.browser, await account.press('Sales', '/reconnect'), {
      user: account.firstUser.id,
      decision: 'allow',
    });
  const readLeft = () =>
    account.shop.database.kysely.selectFrom('connection_notices').selectAll().execute();

  it('is told once by the webhook, signed as Standard Webhooks says, with every secret', async () => {
    await account.connect();
    await breakIt();
    await told(1);
    await account.press('Sales', '/test');
    await reconnect();
    await told(2);
    expect(types()).toEqual(['connection.broken', 'connection.recovered']);

    const { id } = await account.findConnection('Sales');
    for (const { headers, body } of receiver.received) {
      const given = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, String(value)]),
      );
      for (const secret of [NEWEST, OLDER]) new Webhook(secret).verify(body, given);
      const other = new Webhook(`whsec_${Buffer.alloc(32, 3).toString('base64')}`);
      expect(() => other.verify(body, given)).toThrow('No matching signature found');
      expect(() => new Webhook(NEWEST).verify(body.replace('Sales', 'Other'), given)).toThrow();
    }
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({
      type: 'connection.broken',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        account: { name: expect.any(String), subdomain: 'acme' },
        connection: { id, name: 'Sales', provider: 'zoom', status: 'needs_reconnect' },
        reason: expect.stringContaining('Zoom no longer accepts the authorization.'),
        url: await account.connectionUrl('Sales'),
      },
    });
    await waitUntil('nothing is left to tell', async () => (await readLeft()).length === 0);
  });

  it('is told by e-mail, to everybody who is to know', async () => {
    await account.connect();
    await breakIt();
    await waitUntil('the mail is there', () => mailbox.messages.length > 0);
    const [mail] = mailbox.messages;
    expect(mail?.to).toEqual(['ops@example.com', 'sales@example.com']);
    const text = (mail?.text ?? '').replaceAll('=\r\n', '');
    expect(text).toContain('From: Shop bot <bot@example.com>');
    expect(text).toContain('Auto-Submitted: auto-generated');
    expect(text).toContain(await account.connectionUrl('Sales'));
    await waitUntil('nothing is left to tell', async () => (await readLeft()).length === 0);
    expect(mailbox.messages).toHaveLength(1);
  });

  it('is told once by several instances that notice it at the same time', async () => {
    await account.connect();
    const others = [await account.shop.addInstance(), await account.shop.addInstance()];
    const { id } = await account.findConnection('Sales');
    const path = `/installations/${account.id}/connections/${id}`;
    const pages = await Promise.all(
      [account.shop.url, ...others].map((url) => account.browser.open(`${url}${path}`)),
    );
    account.zoom.killRefreshToken(account.firstUser.id);
    account.zoom.expireAccessTokens();
    await Promise.all(pages.map((page) => account.browser.fillIn(page, '/test', {})));
    await waitUntil('nothing is left to tell', async () => (await readLeft()).length === 0);
    expect(types()).toEqual(['connection.broken']);
    expect(mailbox.messages).toHaveLength(1);
  });

  it('is told after a restart when the receiver was away, with the same id, and in order', async () => {
    receiver.status = 503;
    await account.connect();
    await breakIt();
    await told(1);
    await reconnect();
    await account.shop.restart();
    receiver.status = 200;
    late = MINUTE_MS;
    await told(3);
    expect(types()).toEqual(['connection.broken', 'connection.broken', 'connection.recovered']);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('is not sent where the receiver redirects to', async () => {
    const elsewhere = await openReceiver();
    Object.assign(receiver, { status: 307, location: elsewhere.url });
    await account.connect();
    await breakIt();
    await told(1);
    late = 6_000;
    await told(2);
    expect(elsewhere.received).toEqual([]);
    elsewhere.close();
  });

  it('is given up when the receiver is gone, which the account’s activity says', async () => {
    receiver.status = 410;
    await account.connect();
    await breakIt();
    await waitUntil('it says so', async () => {
      const lines = account.shop.notes.latest(account.id, 5);
      return lines.some(
        ({ text }) => text === 'That “Sales” is broken could not be told by the webhook.',
      );
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('is not told of an outage that is over within the hour, and told of a longer one', async () => {
    await account.connect();
    const outage = { kind: 'answer', operation: 'ZoomGetUser', status: 503 } as const;
    account.shop.zendesk.armFault({ ...outage, times: 1 });
    await account.press('Sales', '/test');
    await account.press('Sales', '/test');
    account.shop.zendesk.armFault({ ...outage, times: 2 });
    await account.press('Sales', '/test');
    expect(await readLeft()).toEqual([]);
    late = HOUR_MS + 1_000;
    await told(1);
    late = 2 * HOUR_MS + 2_000;
    await told(2);
    expect(types()).toEqual(['connection.broken', 'connection.recovered']);
  });

  it('is counted from the start', async () => {
    const read = async (sample: string) =>
      (await readMetrics(account.shop.url)).valueOf(`shopkeeper_connection_${sample}`);
    const changed = 'changes_total{provider="zoom",status="needs_reconnect"}';
    const sent = 'notices_total{channel="webhook",result="sent"}';
    for (const sample of [
      changed,
      sent,
      sent.replace('webhook', 'mail'),
      sent.replace('sent', 'given-up'),
    ])
      expect(await read(sample)).toBe(0);
    await account.connect();
    await breakIt();
    await waitUntil('it is counted', async () => (await read(sent)) === 1);
    expect(await read(changed)).toBe(1);
  });
});
