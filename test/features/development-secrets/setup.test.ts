import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEnvText } from '../../../server/commands/setup/env-file.ts';
import { runSetup } from '../../../server/commands/setup/run-setup.ts';
import { findProjectRoot } from '../../../server/config/env-file.ts';
import { loadConfig } from '../../../server/config/load-config.ts';
import { loadMade } from '../../../server/features/development-secrets/secrets-file.ts';

it('npm run setup keeps what was stored under the development keys readable', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-setup-'));
  const envFile = join(folder, '.env');
  const dataDir = join(folder, 'data');
  const made = loadMade(dataDir);
  await writeFile(envFile, `DATA_DIR=${dataDir}\n`);
  const templateFile = join(findProjectRoot(), '.env.example');
  await runSetup({ envFile, templateFile, ask: undefined });
  const { encryptionKeys = [], sessionSecrets = [] } = loadConfig(
    readEnvText(await readFile(envFile, 'utf8')),
  );
  expect(encryptionKeys.map(({ id }) => id)).toEqual(['k1', 'development']);
  expect(encryptionKeys[1]?.key).toEqual(made.encryptionKeys[0]?.key);
  expect(sessionSecrets[1]).toBe(made.sessionSecrets[0]);
  await rm(folder, { recursive: true });
});
