import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../../config/load-config.ts';
import { codeOf, OperatorError } from '../../errors.ts';
import { features } from '../../features.ts';
import type { CommandDatabase, EngineCommands } from '../engine-commands.ts';
import { commandsOf } from '../open-beside-app.ts';
import { readMigrations } from '../../store/migrate.ts';
import type { EncryptionKey } from '../../store/secrets/vault.ts';
import { within } from '../../timers.ts';
import { checkInstallations } from './check-installations.ts';
import { checkKeys } from './check-keys.ts';
import { advice, collectFindings, type Finding, ok, problem, skipped } from './finding.ts';

const DATABASE = 'database';
const FOLDER = 'data folder';
const NEEDS_LOCKS = 'Move the data folder, or take PostgreSQL.';
const INSTALLATIONS_WITHIN_MS = 5 * 60_000;

/** What the database knows, looked at while the app may be running. */
export async function examineDatabase(options: {
  config: Config;
  keys: readonly EncryptionKey[];
  timeoutMs: number;
  now: () => number;
}): Promise<Finding[]> {
  const { config, keys, timeoutMs, now } = options;
  const { name, isThere, openBesideApp, checks } = await commandsOf(config);
  if (!isThere(config))
    return [skipped(DATABASE, `There is no ${name} file yet; the first start makes it.`)];
  const database = await openBesideApp(config, 'read');
  const { findings, add } = collectFindings();
  let usable = false;
  try {
    await add(DATABASE, 2 * timeoutMs, async () => {
      const checked = await checkDatabase(database, name);
      usable = checked.usable;
      return checked.finding;
    });
    if (!usable) return findings;
    await add('encryption keys', timeoutMs, () => checkKeys(database, keys));
    for (const { check, run } of checks?.(database, config, now) ?? [])
      await add(check, 2 * timeoutMs, run);
    if (config.sandbox === null && keys.length > 0)
      await add('installations', INSTALLATIONS_WITHIN_MS, () =>
        checkInstallations({ database, config, keys, timeoutMs }),
      );
    return findings;
  } finally {
    await within(timeoutMs, database.close()).catch(() => {});
  }
}

/** Also returns whether the rest may look into it. */
export async function checkDatabase(
  { dialect, kysely }: CommandDatabase,
  name: string,
): Promise<{ usable: boolean; finding: Finding }> {
  const { newer, pending } = await readMigrations({ dialect, kysely }, features);
  if (newer.length > 0) {
    const text = `${name} answers, but a newer version has changed it (${newer.join(', ')}).`;
    return {
      usable: false,
      finding: problem(DATABASE, text, 'Run the version of the app that made it, or a newer one.'),
    };
  }
  if (pending.length > 0) {
    const text = `${name} answers; these migrations are still to run: ${pending.join(', ')}.`;
    return {
      usable: false,
      finding: advice(DATABASE, text, 'Start the app: it runs them.'),
    };
  }
  return {
    usable: true,
    finding: ok(DATABASE, `${name} answers, and every migration has run.`),
  };
}

/** Tries it: rights, a read-only disk, a full one and one without locks show when something is written. */
export async function checkDataFolder(
  dataDir: string,
  { tryFolder }: Pick<EngineCommands, 'tryFolder'>,
): Promise<Finding> {
  const folder = resolve(dataDir);
  const existing = await findExisting(folder);
  try {
    await tryToWrite(existing);
    await tryFolder?.(existing);
    if (existing === folder) return ok(FOLDER, `${folder} can be written.`);
    return ok(FOLDER, `${folder} does not exist yet; the first start makes it.`);
  } catch (error) {
    if (error instanceof OperatorError) return problem(FOLDER, error.message, NEEDS_LOCKS);
    if (codeOf(error) === 'ENOSPC')
      return problem(FOLDER, `The disk of ${folder} is full (ENOSPC).`, 'Make room on it.');
    return problem(
      FOLDER,
      `${folder} cannot be written (${codeOf(error) ?? 'unknown reason'}).`,
      'Give it to the user the app runs as, or set DATA_DIR to a folder on a disk that survives deployments.',
    );
  }
}

async function tryToWrite(folder: string): Promise<void> {
  const probe = await mkdtemp(join(folder, 'doctor-'));
  try {
    await writeFile(join(probe, 'probe'), 'ok');
  } finally {
    await rm(probe, { recursive: true });
  }
}

async function findExisting(folder: string): Promise<string> {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  return exists || folder === dirname(folder) ? folder : await findExisting(dirname(folder));
}
