import { resolve } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';
import { OperatorError } from '../errors.ts';
import { features } from '../features.ts';
import { commandsOf, requireTables, describeContent } from './open-beside-app.ts';
import { readArguments, runCommand, type Print } from './run-command.ts';

/** `npm run backup -- <file>`: writes the SQLite database into a file, while the app runs. */
async function backUp(print: Print): Promise<number> {
  const config = loadConfig(process.env, loadEnvFile(process.env), features);
  const { copies, openBesideApp } = await commandsOf(config);
  if (!('backUp' in copies)) throw new OperatorError(copies.describeBackUp(config));
  const [file] = readArguments({ allowPositionals: true }).positionals;
  if (file === undefined) {
    throw new OperatorError('Name the file to write: npm run backup -- /backups/shopkeeper.db');
  }
  const database = await openBesideApp(config, 'read');
  await requireTables(database);
  const target = resolve(file);
  await copies.backUp(config, target);
  print(`Backed up to ${target}. ${await describeContent(database)}`);
  print('Keep the encryption keys for as long as the file, and in another place.');
  await database.close();
  return 0;
}

await runCommand(backUp);
