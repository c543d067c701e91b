import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../server/commands/doctor/check-configuration.ts';
import { loadConfig } from '../../server/config/load-config.ts';

/** What setup writes and `docker run --env-file` hands over as it stands. */
const QUOTED = {
  OAUTH_CLIENT_ID: '"shopkeeper"',
  OAUTH_CLIENT_SECRET: "'the secret'",
  ZENDESK_MARKETPLACE_NAME: "'Corner Shop Bot'",
  PUBLIC_URL: '`https://bot.example.com`',
  PORT: '"8999"',
  SESSION_SECRETS: `"${'s'.repeat(32)}"`,
  SANDBOX: "''",
};

describe('a value', () => {
  it('loses one pair of quotes, however it arrives', () => {
    expect(loadConfig(QUOTED)).toMatchObject({
      port: 8999,
      publicUrl: 'https://bot.example.com',
      sandbox: null,
      oauthClient: { id: 'shopkeeper', secret: 'the secret' },
      marketplace: { name: 'Corner Shop Bot' },
      sessionSecrets: ['s'.repeat(32)],
    });
  });

  it.each([`"new","old"`, `'new', 'old'`])(
    'that is a list may have quotes around each entry: %s',
    (given) => {
      const [first, second] = ['n', 'o'].map((letter) => letter.repeat(32));
      const SESSION_SECRETS = given.replace('new', `${first}`).replace('old', `${second}`);
      expect(loadConfig({ SESSION_SECRETS }).sessionSecrets).toEqual([first, second]);
    },
  );

  it('loses the space around it, such as the CR of a file from Windows', () => {
    const values = { PORT: '8999\r', LOG_LEVEL: ' debug ', NODE_ENV: 'development\r' };
    expect(loadConfig(values)).toMatchObject({ port: 8999, logLevel: 'debug', production: false });
    expect(loadConfig({ OAUTH_CLIENT_ID: ' \r' }).sandbox).not.toBeNull();
  });

  it('keeps quotes within it', () => {
    const name = 'The "best" shop\'s bot';
    expect(loadConfig({ ZENDESK_MARKETPLACE_NAME: name }).marketplace.name).toBe(name);
  });

  it('that keeps a quote is named by the doctor, also from a file, and never shown', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shopkeeper-quotes-'));
    const file = join(folder, 'secret');
    writeFileSync(file, '""a secret""\n');
    const { findings } = checkConfiguration({
      OAUTH_CLIENT_ID: '"half',
      OAUTH_CLIENT_SECRET_FILE: file,
      ZENDESK_MARKETPLACE_NAME: '"whole"',
    });
    const advised = findings.filter(({ status }) => status === 'advice');
    expect(advised.map(({ text }) => text.split(' ')[0])).toEqual([
      'OAUTH_CLIENT_ID',
      'OAUTH_CLIENT_SECRET',
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/half|a secret/);
    rmSync(folder, { recursive: true });
  });
});
