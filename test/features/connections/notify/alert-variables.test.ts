import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../server/config/load-config.ts';
import { connections } from '../../../../server/features/connections/index.ts';
import { readTransport } from '../../../../server/features/connections/notify/mail.ts';
import { readAlertVariables } from '../../../../server/features/connections/notify/variables.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const WEBHOOK = { ALERT_WEBHOOK_URL: 'https://a.example/x/?y=1', ALERT_WEBHOOK_SECRETS: SECRET };
const MAIL = {
  SMTP_URL: 'smtps://user:password@mail.example',
  ALERT_MAIL_FROM: 'Shop bot <bot@a.example>',
  ALERT_MAIL_TO: 'ops@a.example, more@a.example',
};

const read = (environment: Record<string, string>) =>
  readAlertVariables(loadConfig(environment, [], [connections]).variables);

describe('the variables that say whom to tell of a broken connection', () => {
  it('are all left out, or describe a webhook, an e-mail or both', () => {
    expect(read({})).toEqual({ webhook: undefined, mail: undefined });
    expect(read(WEBHOOK)).toEqual({
      webhook: { ...WEBHOOK, ALERT_WEBHOOK_SECRETS: [SECRET] },
      mail: undefined,
    });
    const { webhook, mail } = read({ ...WEBHOOK, ...MAIL });
    expect(webhook).toBeDefined();
    expect(mail).toEqual({
      ...MAIL,
      ALERT_MAIL_FROM: { name: 'Shop bot', address: 'bot@a.example' },
      ALERT_MAIL_TO: ['ops@a.example', 'more@a.example'],
    });
  });

  it.each([
    [{ ALERT_WEBHOOK_URL: WEBHOOK.ALERT_WEBHOOK_URL }, 'ALERT_WEBHOOK_SECRETS is missing'],
    [{ ALERT_WEBHOOK_SECRETS: SECRET }, 'ALERT_WEBHOOK_URL is missing'],
    [{ ...WEBHOOK, ALERT_WEBHOOK_URL: 'http://a.example' }, 'must be an https address'],
    [{ ...WEBHOOK, ALERT_WEBHOOK_URL: 'https://u:p@a.example' }, 'without a user name'],
    [{ ...WEBHOOK, ALERT_WEBHOOK_URL: 'file:///etc/passwd' }, 'must be an https address'],
    [{ ...WEBHOOK, ALERT_WEBHOOK_SECRETS: 'too-short' }, 'every secret is written whsec_'],
    [{ SMTP_URL: MAIL.SMTP_URL }, 'ALERT_MAIL_FROM is missing'],
    [{ ...MAIL, SMTP_URL: 'https://mail.example' }, 'must be an address such as smtps://'],
    [
      { ...MAIL, SMTP_URL: 'smtps:user:password@mail.example' },
      'must be an address such as smtps://',
    ],
    [{ ...MAIL, SMTP_URL: 'smtps://user:100%@mail.example' }, 'write # as %23'],
    [{ ...MAIL, SMTP_URL: 'smtps://user:12/34@mail.example' }, 'write # as %23'],
    [{ ...MAIL, ALERT_MAIL_TO: 'nobody' }, 'must be an e-mail address'],
    [{ ...MAIL, ALERT_MAIL_FROM: 'Shop bot bot@a.example' }, 'must be an e-mail address'],
    [{ ...MAIL, ALERT_MAIL_FROM: 'a\r\nBcc: b@a.example <bot@a.example>' }, 'must be an e-mail'],
  ])('are refused as %j', (environment, problem) => {
    expect(() => read(environment)).toThrow(problem);
  });

  it('never stand in a problem with their secrets', () => {
    const wrong = { ...WEBHOOK, ALERT_WEBHOOK_SECRETS: 'a-secret-value' };
    expect(() => read(wrong)).toThrow(expect.not.stringContaining('a-secret-value'));
  });

  it('may name a receiver on this machine, but not in production', () => {
    const here = { ...WEBHOOK, ALERT_WEBHOOK_URL: 'http://localhost:4000/x' };
    expect(read(here).webhook).toBeDefined();
    expect(() => read({ ...here, NODE_ENV: 'production' })).toThrow(
      'ALERT_WEBHOOK_URL must start with https://',
    );
  });
});

describe('the way to the SMTP server', () => {
  it('is encrypted from the start, or before anything else is said, but for this machine', () => {
    expect(readTransport('smtps://mail.example')).toMatchObject({ port: 465, secure: true });
    expect(readTransport('smtp://mail.example')).toMatchObject({
      port: 587,
      secure: false,
      requireTLS: true,
    });
    expect(readTransport('smtp://127.0.0.1:2525')).toMatchObject({ port: 2525, requireTLS: false });
  });

  it('leads to the server whose name its certificate has, but for this machine', () => {
    expect(readTransport('smtp://localhost').tls).toEqual({ rejectUnauthorized: false });
    for (const address of ['smtp://mail.example', 'smtps://mail.example', 'smtps://localhost'])
      expect(readTransport(address).tls).toBeUndefined();
  });

  it('has the user and the password as they are, not as an address spells them', () => {
    expect(readTransport('smtps://a%40b:p%3Aw%20d@mail.example').auth).toEqual({
      user: 'a@b',
      pass: 'p:w d',
    });
  });
});
