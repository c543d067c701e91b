import { Resolver } from 'node:dns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMailChannel } from '../../../../server/features/connections/notify/mail.ts';
import type { Notice } from '../../../../server/features/connections/notify/notices.ts';
import { readAlertVariables } from '../../../../server/features/connections/notify/variables.ts';
import { createLog } from '../../../../server/log.ts';
import { openMailbox } from '../support/alert-receivers.ts';

const notice: Notice = {
  type: 'connection.broken',
  timestamp: '2026-11-28T20:00:00.000Z',
  data: {
    account: { name: 'Acme', subdomain: 'acme' },
    connection: { id: 'c1', name: 'Sales', provider: 'zoom', status: 'needs_reconnect' },
    reason: null,
    url: 'https://bot.example.com/installations/i1/connections/c1',
  },
};

describe('the e-mail about a connection', () => {
  let mailbox: Awaited<ReturnType<typeof openMailbox>>;
  beforeEach(async () => {
    mailbox = await openMailbox();
  });
  afterEach(() => mailbox.close());

  /** Returns what came of it, and what the log has. */
  async function send(
    variables: Record<string, string> = {},
    publicUrl = 'https://bot.example.com',
  ) {
    const printed: string[] = [];
    const log = createLog('info', { write: (line) => printed.push(line) });
    const { mail } = readAlertVariables({
      SMTP_URL: mailbox.url,
      ALERT_MAIL_FROM: 'bot@example.com',
      ALERT_MAIL_TO: 'ops@example.com',
      ...variables,
    });
    if (mail === undefined) throw new Error('The variables are no good.');
    await createMailChannel(mail, { publicUrl, log }).send('n1', notice);
    return { mail: mailbox.messages[0], printed: printed.join('') };
  }

  it('has the time at which it happened, as mail writes it', async () => {
    const { mail } = await send();
    expect(mail?.text).toContain('\r\nDate: Sat, 28 Nov 2026 20:00:00 +0000\r\n');
  });

  it.each([
    ['bot@example.com', 'bot@example.com'],
    ['Shop bot <bot@example.com>', 'Shop bot <bot@example.com>'],
    ['"Acme, Inc." <bot@example.com>', '"Acme, Inc." <bot@example.com>'],
    ['Alerts: prod (EU) <bot@example.com>', '"Alerts: prod (EU)" <bot@example.com>'],
  ])('comes from %s with that name', async (given, from) => {
    const { mail } = await send({ ALERT_MAIL_FROM: given });
    expect(mail?.text).toContain(`From: ${from}\r\n`);
  });

  it('greets the server with the public name of the app, if it has one', async () => {
    await send();
    for (const url of ['http://localhost:3000', 'http://192.0.2.7']) await send({}, url);
    const [named, ...others] = mailbox.messages.map(({ greeting }) => greeting);
    expect(named).toBe('bot.example.com');
    for (const other of others) expect(['localhost', '192.0.2.7']).not.toContain(other);
  });

  it('goes to the address that the system knows, whatever DNS says of the name', async () => {
    const asked = vi.spyOn(Resolver.prototype, 'resolve4').mockImplementation((...given) => {
      const done: unknown = given.at(-1);
      if (typeof done === 'function') Reflect.apply(done, undefined, [null, ['127.0.0.9']]);
    });
    const { mail } = await send({ SMTP_URL: mailbox.url.replace('127.0.0.1', 'localhost') });
    asked.mockRestore();
    expect(mail?.to).toEqual(['ops@example.com']);
  });

  it('goes to a server on this machine also when nobody signed its certificate', async () => {
    mailbox.close();
    mailbox = await openMailbox({ hasTls: true });
    const { mail } = await send();
    expect(mail?.isSecure).toBe(true);
  });

  it('says in the log which of several addresses the server refuses', async () => {
    const refused = 'gone@example.com';
    mailbox.refused.push(refused);
    const { mail, printed } = await send({ ALERT_MAIL_TO: `ops@example.com, ${refused}` });
    expect(mail?.to).toEqual(['ops@example.com']);
    expect(JSON.parse(printed)).toMatchObject({ level: 40, rejected: [refused] });
  });
});
