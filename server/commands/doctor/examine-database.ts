import type { Config } from '../../config.ts';
import { openForReading } from '../../store/open-for-reading.ts';
import type { EncryptionKey } from '../../store/vault.ts';
import { checkDatabaseClock } from './check-clock.ts';
import { checkDatabase } from './check-database.ts';
import { checkInstallations } from './check-installations.ts';
import { checkKeys } from './check-keys.ts';
import { examine } from './examine.ts';
import { type Finding, skipped } from './finding.ts';
import { within } from './within.ts';

const INSTALLATIONS_WITHIN_MS = 5 * 60_000;

/** What the database knows, looked at while the app may be running. */
export async function examineDatabase(options: {
  config: Config;
  keys: readonly EncryptionKey[];
  timeoutMs: number;
  now: () => number;
}): Promise<Finding[]> {
  const { config, keys, timeoutMs, now } = options;
  const reader = await openForReading(config);
  if (reader === undefined)
    return [skipped('database', 'There is no SQLite file yet; the first start makes it.')];
  let usable = false;
  try {
    const findings = await examine('database', 2 * timeoutMs, async () => {
      const checked = await checkDatabase(reader);
      usable = checked.usable;
      return checked.finding;
    });
    if (!usable) return findings;
    findings.push(...(await examine('encryption keys', timeoutMs, () => checkKeys(reader, keys))));
    if (reader.engine === 'postgres')
      findings.push(...(await examine('clock', timeoutMs, () => checkDatabaseClock(reader, now))));
    if (config.sandbox === null && keys.length > 0)
      findings.push(
        ...(await examine('installations', INSTALLATIONS_WITHIN_MS, () =>
          checkInstallations({ reader, config, keys, timeoutMs }),
        )),
      );
    return findings;
  } finally {
    await within(timeoutMs, reader.close()).catch(() => {});
  }
}
