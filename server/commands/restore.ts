import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig, type Config } from '../config/load-config.ts';
import { loadEnvFile } from '../config/load-env-file.ts';
import { OperatorError } from '../errors.ts';
import { databaseFile } from '../store/database-file.ts';
import { isAppRunning } from '../store/is-app-running.ts';
import { markRestored } from '../store/mark-restored.ts';
import { migrate } from '../store/migrate.ts';
import { openBesideApp } from '../store/open-beside-app.ts';
import { openDatabase } from '../store/open-database.ts';
import { restoreSqlite } from '../store/restore-sqlite.ts';
import { describeContent } from './describe-content.ts';
import { runCommand, type Print } from './run-command.ts';

/**
 * `npm run restore -- <file>` puts a backup of SQLite back. Without a file, on both engines, it prepares a
 * database that was put back by other means. Afterwards the app may start, and answers nothing twice.
 */
async function restore(print: Print): Promise<number> {
  const config = loadConfig(process.env, loadEnvFile(process.env));
  const [file] = process.argv.slice(2);
  if (file === undefined) await prepare(config);
  else await putBack(print, resolve(file), config);
  const database = await openBesideApp(config, 'read');
  print(`Ready to start. ${await describeContent(database)}`);
  print('For an hour every reply is looked for in its conversation before it is sent.');
  await database.close();
  return 0;
}

async function putBack(print: Print, file: string, config: Config): Promise<void> {
  const { databaseUrl, databaseDirectUrl, dataDir } = config;
  if (databaseUrl !== undefined) {
    const variable = databaseDirectUrl === undefined ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL';
    throw new OperatorError(
      'The data is in PostgreSQL, which has its own tool for this. Afterwards run this command without a file:\n' +
        `  pg_restore --clean --if-exists --no-owner --dbname="$${variable}" ${file}\n` +
        '  npm run restore',
    );
  }
  const { movedTo } = await restoreSqlite({ file, dataDir, now: Date.now });
  print(`${file} is the database now.`);
  if (movedTo !== undefined) print(`The one before is kept in ${movedTo}.`);
}

async function prepare(config: Config): Promise<void> {
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
    await migrate(database);
    await markRestored(database, Date.now);
  } finally {
    await database.close();
  }
}

await runCommand(restore);
