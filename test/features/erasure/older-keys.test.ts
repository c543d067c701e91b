import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkKeys } from '../../../server/commands/doctor/check-keys.ts';
import { rememberRemoved } from '../../../server/features/erasure/removals.ts';
import { features } from '../../../server/features.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { createVault } from '../../../server/store/secrets/vault.ts';
import { createAppState } from '../../../server/store/tables/app-state.ts';
import { createLog } from '../../../server/log.ts';
import { runCommand } from '../../support/process/run-command.ts';
import { openDatabase } from '../../support/store/engines.ts';

const key = (id: string, fill: number) => ({ id, key: Buffer.alloc(32, fill) });
const [k1, k2] = [key('k1', 1), key('k2', 2)];

let dataDir: string;
let database: Database;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-keys-'));
  database = await openDatabase({ dataDir });
  await migrate(database, features);
  await createAppState(database).write('newest_key', k2.id);
  const core = {
    hash: createVault([k1]).hash,
    log: createLog('silent', { write: () => {} }),
    now: Date.now,
  };
  await rememberRemoved(core, database.kysely, 'acme', [{ kind: 'user', id: 'jane' }]);
});
afterEach(async () => {
  await database.close();
  await rm(dataDir, { recursive: true });
});

it('the doctor says how long an older key tells who was deleted', async () => {
  const [, finding] = await checkKeys(database, [k2, k1]);
  expect(finding?.fix).toMatch(/newer one for 30 days.* tell who was deleted/);
});

it('rotating says so, too', async () => {
  const keys = [k2, k1].map(({ id, key: bytes }) => `${id}:${bytes.toString('base64')}`);
  const { exitCode, output } = await runCommand('rotate-keys', {
    environment: {
      SESSION_SECRETS: 's'.repeat(32),
      ENCRYPTION_KEYS: keys.join(','),
      SANDBOX: '1',
      DATA_DIR: dataDir,
    },
  });
  expect(exitCode).toBe(0);
  expect(output).toContain(
    'It may still tell who was deleted: when the app has run with k2 for 30',
  );
});
