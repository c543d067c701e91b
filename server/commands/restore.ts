import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadConfig, type Config } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';
import { messageOf, OperatorError } from '../errors.ts';
import { sql } from 'kysely';
import { databaseFile } from '../store/engines/data-folder.ts';
import type { Database } from '../store/engines/database.ts';
import { PRESENCE_LOCK } from '../store/engines/postgres-signals.ts';
import { markRestored, restoreSqlite } from './backup/restore.ts';
import { migrate } from '../store/migrate.ts';
import { openBesideApp, describeContent } from './open-beside-app.ts';
import { openDatabase } from '../store/engines/open-database.ts';
import { findHashes, type KnownRemoval } from '../store/tables/removals.ts';
import { readArguments, runCommand, type Print } from './run-command.ts';
import { features } from '../features.ts';

/**
 * `npm run restore -- <file>` puts a backup of SQLite back. Without a file, on both engines, it prepares a
 * database that was put back by other means. Afterwards the app may start, and answers nothing twice.
 * `--removals <file>`: a log or a dump that says what was deleted since the backup was made.
 */
async function restore(print: Print): Promise<number> {
  const config = loadConfig(process.env, loadEnvFile(process.env));
  const options = { removals: { type: 'string' } } as const;
  const { values, positionals } = readArguments({ options, allowPositionals: true });
  const [file] = positionals;
  const removals = await readRemovals(values.removals);
  if (file === undefined) await prepare(config, removals);
  else await putBack(print, { file: resolve(file), removals }, config);
  const database = await openBesideApp(config, 'read');
  print(`Ready to start. ${await describeContent(database)}`);
  print('For an hour every reply is looked for in its conversation before it is sent.');
  await database.close();
  return 0;
}

async function readRemovals(file: string | undefined): Promise<KnownRemoval[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new OperatorError(messageOf(error), { cause: error });
  });
  const at = Date.now();
  return findHashes(text).map((hash) => ({ hash, at }));
}

async function putBack(
  print: Print,
  { file, removals }: { file: string; removals: KnownRemoval[] },
  config: Config,
): Promise<void> {
  const { databaseUrl, databaseDirectUrl, dataDir } = config;
  if (databaseUrl !== undefined) {
    const variable = databaseDirectUrl === undefined ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL';
    throw new OperatorError(
      'The data is in PostgreSQL, which has its own tool for this. Afterwards run this command without a file:\n' +
        `  pg_restore --clean --if-exists --no-owner --dbname="$${variable}" ${file}\n` +
        '  npm run restore',
    );
  }
  const { movedTo, knewRemovals } = await restoreSqlite({ file, dataDir, removals, now: Date.now });
  print(`${file} is the database now.`);
  if (movedTo !== undefined) print(`The one before is kept in ${movedTo}.`);
  if (!knewRemovals && removals.length === 0) {
    print(
      'Nothing tells which customers and accounts were deleted since it was made. If the log does: npm run restore -- --removals <file of the log>',
    );
  }
}

async function prepare(config: Config, removals: KnownRemoval[]): Promise<void> {
  if (config.databaseUrl === undefined && !existsSync(databaseFile(config.dataDir))) {
    throw new OperatorError(
      'Name the backup to restore: npm run restore -- /backups/shopkeeper.db',
    );
  }
  // Opening SQLite as the app does keeps the app away meanwhile.
  const isSqlite = config.databaseUrl === undefined;
  const database = isSqlite ? await openDatabase(config) : await openBesideApp(config, 'write');
  try {
    if (!isSqlite && (await isAppRunning(database))) {
      throw new OperatorError(
        'The app is connected to the database. Stop every instance, put the backup back, and then run this.',
      );
    }
    await migrate(database, features);
    await markRestored(database, Date.now, removals);
  } finally {
    await database.close();
  }
}

/** Whether an instance of the app listens on this PostgreSQL database, by whatever name it is connected. */
async function isAppRunning({ direct }: Pick<Database, 'direct'>): Promise<boolean> {
  const { rows } = await direct((connection) =>
    sql<{ free: boolean }>`select pg_try_advisory_lock(${sql.raw(PRESENCE_LOCK)}) as free`.execute(
      connection,
    ),
  );
  return rows[0]?.free !== true;
}

await runCommand(restore);
