import { existsSync } from 'node:fs';
import type { Config } from '../../config/load-config.ts';
import { databaseFile, requireFile } from '../../store/engines/data-folder.ts';
import { openBesideApp } from '../open-beside-app.ts';
import type { EncryptionKey } from '../../store/secrets/vault.ts';
import { checkDatabaseClock } from './check-clock.ts';
import { checkDatabase } from './check-database.ts';
import { checkInstallations } from './check-installations.ts';
import { checkKeys } from './check-keys.ts';
import { checkPooledAddress } from './check-pooled-address.ts';
import { examine, type Finding, skipped } from './finding.ts';
import { within } from '../../timers.ts';

const INSTALLATIONS_WITHIN_MS = 5 * 60_000;

/** What the database knows, looked at while the app may be running. */
export async function examineDatabase(options: {
  config: Config;
  keys: readonly EncryptionKey[];
  timeoutMs: number;
  now: () => number;
}): Promise<Finding[]> {
  const { config, keys, timeoutMs, now } = options;
  if (config.databaseUrl === undefined) requireFile(databaseFile(config.dataDir));
  if (config.databaseUrl === undefined && !existsSync(databaseFile(config.dataDir)))
    return [skipped('database', 'There is no SQLite file yet; the first start makes it.')];
  const database = await openBesideApp(config, 'read');
  let usable = false;
  try {
    const findings = await examine('database', 2 * timeoutMs, async () => {
      const checked = await checkDatabase(database);
      usable = checked.usable;
      return checked.finding;
    });
    if (!usable) return findings;
    if (config.databaseDirectUrl !== undefined)
      findings.push(
        ...(await examine('pooled address', 2 * timeoutMs, () => checkPooledAddress(config))),
      );
    findings.push(
      ...(await examine('encryption keys', timeoutMs, () => checkKeys(database, keys))),
    );
    if (database.engine === 'postgres')
      findings.push(
        ...(await examine('clock', timeoutMs, () => checkDatabaseClock(database, now))),
      );
    if (config.sandbox === null && keys.length > 0)
      findings.push(
        ...(await examine('installations', INSTALLATIONS_WITHIN_MS, () =>
          checkInstallations({ database, config, keys, timeoutMs }),
        )),
      );
    return findings;
  } finally {
    await within(timeoutMs, database.close()).catch(() => {});
  }
}
