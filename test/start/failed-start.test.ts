import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleBot as bot } from '../support/sample-bot.ts';
import { loadConfig } from '../../server/config/load-config.ts';
import type { Feature } from '../../server/features/feature.ts';
import { features } from '../../server/features.ts';
import { openDatabase } from '../../server/start/run.ts';
import { startApp } from '../../server/start/start-app.ts';
import { serve } from '../support/network/serve.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { engines } from '../support/store/engines.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-failed-start-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const environment = (port: number) => ({
  PORT: `${port}`,
  HOST: 'localhost',
  DATA_DIR: dataDir,
  LOG_LEVEL: 'silent',
  SESSION_SECRETS: 'a-session-secret-for-tests-of-32-characters',
  ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
  OAUTH_CLIENT_ID: 'a-client',
  OAUTH_CLIENT_SECRET: 'its-secret',
});

// Of SQLite's file one process has one at a time.
describe.runIf(engines.includes('sqlite'))('a start that fails, as after a saved change,', () => {
  it('leaves the database to the next one of the same process', async () => {
    const other = await serve();
    await expect(startApp(environment(other.port), [], { bot })).rejects.toThrow('is taken');
    other.close();
    const app = await startApp(environment(await findFreePort()), [], { bot });
    await app.stop();
  });

  it('leaves it also when a migration is wrong', async () => {
    const config = loadConfig(environment(3000), [], features);
    const wrong: Feature = {
      name: 'wrong',
      migrations: { '0001-initial': () => ['create nothing of the kind'] },
    };
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    await expect(openDatabase(config, [...features, wrong], log)).rejects.toThrow('syntax error');
    const database = await openDatabase(config, features, log);
    await database.close();
  });
});
