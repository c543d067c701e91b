import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
