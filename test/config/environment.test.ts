import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../server/commands/doctor/check-configuration.ts';
import { loadConfig } from '../../server/config/load-config.ts';
import { problemsOf } from './support/problems-of.ts';

const KEYS = `k1:${Buffer.alloc(32, 1).toString('base64')}`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopkeeper-secrets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fileWith(content: string): Promise<string> {
  const path = join(folder, String(content.length));
  await writeFile(path, content);
  return path;
}

describe('secrets in files', () => {
  it('are read without the line break that editors and `echo` leave at the end', async () => {
    const config = loadConfig({
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://bot.example.com',
      OAUTH_CLIENT_ID: 'client',
      OAUTH_CLIENT_SECRET_FILE: await fileWith('the client secret\n'),
      SESSION_SECRETS_FILE: await fileWith(`${'s'.repeat(40)}\r\n`),
      ENCRYPTION_KEYS_FILE: await fileWith(KEYS),
      DATABASE_URL_FILE: await fileWith('postgres://user:password@host/database\n'),
    });

    expect(config).toMatchObject({
      oauthClient: { secret: 'the client secret' },
      sessionSecrets: ['s'.repeat(40)],
      encryptionKeys: [{ id: 'k1' }],
      databaseUrl: 'postgres://user:password@host/database',
    });
  });

  it('may be a list with one a line', async () => {
    const file = await fileWith(`${'n'.repeat(32)}\r\n${'o'.repeat(32)}\r\n`);
    expect(loadConfig({ SESSION_SECRETS_FILE: file }).sessionSecrets).toEqual([
      'n'.repeat(32),
      'o'.repeat(32),
    ]);
  });

  it('are checked like any other, and no problem repeats what they hold', async () => {
    const problems = problemsOf({ SESSION_SECRETS_FILE: await fileWith('too-short') });

    expect(problems).toEqual([expect.stringContaining('SESSION_SECRETS')]);
    expect(problems.join()).not.toContain('too-short');
  });

  it('and all their problems are reported at once, with the paths', async () => {
    const missing = join(folder, 'missing');
    const problems = problemsOf({
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://bot.example.com',
      OAUTH_CLIENT_ID: 'client',
      OAUTH_CLIENT_SECRET_FILE: missing,
      SESSION_SECRETS: 's'.repeat(32),
      SESSION_SECRETS_FILE: await fileWith('another secret'),
      ENCRYPTION_KEYS_FILE: folder,
      DATABASE_URL_FILE: await fileWith('\n'),
    });

    expect(problems).toEqual([
      expect.stringMatching(/OAUTH_CLIENT_SECRET_FILE cannot be read: .*ENOENT.*missing/),
      expect.stringContaining('SESSION_SECRETS_FILE: SESSION_SECRETS is set as well'),
      expect.stringMatching(/ENCRYPTION_KEYS_FILE cannot be read: EISDIR/),
      expect.stringMatching(/DATABASE_URL_FILE: .* is empty$/),
    ]);
  });
});

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

  it('that keeps a quote is named by the doctor, also from a file, and never shown', async () => {
    const { findings } = checkConfiguration({
      OAUTH_CLIENT_ID: '"half',
      OAUTH_CLIENT_SECRET_FILE: await fileWith('""a secret""\n'),
      ZENDESK_MARKETPLACE_NAME: '"whole"',
    });
    const advised = findings.filter(({ status }) => status === 'advice');
    expect(advised.map(({ text }) => text.split(' ')[0])).toEqual([
      'OAUTH_CLIENT_ID',
      'OAUTH_CLIENT_SECRET',
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/half|a secret/);
  });
});
