import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadConfig, type Config } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';
import { messageOf, OperatorError } from '../errors.ts';
import { features } from '../features.ts';
import type { KnownRemoval } from '../store/tables/removals.ts';
import { commandsOf, describeContent, openBesideApp } from './open-beside-app.ts';
import { findHashes, prepareRestored } from './restore/mark-restored.ts';
import { readArguments, runCommand, type Print } from './run-command.ts';

/**
 * `npm run restore -- <file>` puts a backup of SQLite back. Without a file, with every database, it prepares
 * one that was put back by other means. Afterwards the app may start, and answers nothing twice.
 * `--removals <file>`: a log or a dump that says what was deleted since the backup was made.
 */
async function restore(print: Print): Promise<number> {
  const config = loadConfig(process.env, loadEnvFile(process.env), features);
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
  const { copies } = await commandsOf(config);
  if (!('putBack' in copies)) throw new OperatorError(copies.describeRestore(config, file));
  const { movedTo, knewRemovals } = await copies.putBack(config, {
    file,
    removals,
    prepare: (database, known) => prepareRestored(database, known, Date.now),
    now: Date.now,
  });
  print(`${file} is the database now.`);
  if (movedTo !== undefined) print(`The one before is kept in ${movedTo}.`);
  if (!knewRemovals && removals.length === 0) {
    print(
      'Nothing tells which customers and accounts were deleted since it was made. If the log does: npm run restore -- --removals <file of the log>',
    );
  }
}

async function prepare(config: Config, removals: KnownRemoval[]): Promise<void> {
  const { isThere, openWithoutApp } = await commandsOf(config);
  if (!isThere(config)) {
    throw new OperatorError(
      'Name the backup to restore: npm run restore -- /backups/shopkeeper.db',
    );
  }
  const database = await openWithoutApp(config);
  try {
    await prepareRestored(database, removals, Date.now);
  } finally {
    await database.close();
  }
}

await runCommand(restore);
