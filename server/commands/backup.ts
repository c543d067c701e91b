import { resolve } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';
import { OperatorError } from '../errors.ts';
import { backUpSqlite } from './backup/back-up.ts';
import { databaseFile } from '../store/engines/data-folder.ts';
import { openBesideApp, requireTables, describeContent } from './open-beside-app.ts';
import { readArguments, runCommand, type Print } from './run-command.ts';

/** `npm run backup -- <file>`: writes the SQLite database into a file, while the app runs. */
async function backUp(print: Print): Promise<number> {
  const { databaseUrl, databaseDirectUrl, dataDir } = loadConfig(
    process.env,
    loadEnvFile(process.env),
  );
  if (databaseUrl !== undefined) {
    const variable = databaseDirectUrl === undefined ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL';
    throw new OperatorError(
      'The data is in PostgreSQL, which has its own tool for this:\n' +
        `  pg_dump --format=custom --file=shopkeeper.dump "$${variable}"`,
    );
  }
  const [file] = readArguments({ allowPositionals: true }).positionals;
  if (file === undefined) {
    throw new OperatorError('Name the file to write: npm run backup -- /backups/shopkeeper.db');
  }
  const database = await openBesideApp({ dataDir }, 'read');
  await requireTables(database);
  const target = resolve(file);
  await backUpSqlite(databaseFile(dataDir), target);
  print(`Backed up to ${target}. ${await describeContent(database)}`);
  print('Keep the encryption keys for as long as the file, and in another place.');
  await database.close();
  return 0;
}

await runCommand(backUp);
