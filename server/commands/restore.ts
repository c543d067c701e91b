import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadConfig, type Config } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';
import { messageOf, OperatorError } from '../errors.ts';
import { features } from '../features.ts';
import type { Write } from '../inbox/settle.ts';
import type { RestoreSources } from './engine-commands.ts';
import { commandsOf, describeContent, openBesideApp } from './open-beside-app.ts';
import { prepareRestored } from './restore/mark-restored.ts';
import { readArguments, runCommand, type Print } from './run-command.ts';

const sources = features.flatMap(({ restore: source }) => source ?? []);

/** What files tell that were named. */
type Told = Map<RestoreSources, Write>;

/**
 * `npm run restore -- <file>` puts a backup of SQLite back. Without a file, with every database, it prepares
 * one that was put back by other means. Afterwards the app may start, and answers nothing twice.
 * `--removals <file>`: a log or a dump that says what was deleted since the backup was made, for the feature
 * that wants it.
 */
async function restore(print: Print): Promise<number> {
  const config = loadConfig(process.env, loadEnvFile(process.env), features);
  const names = sources.map(({ option }) => [option, { type: 'string' }] as const);
  const options: Record<string, { type: 'string' }> = Object.fromEntries(names);
  const { values, positionals } = readArguments({ options, allowPositionals: true });
  const [file] = positionals;
  const told: Told = new Map();
  for (const source of sources) {
    const { [source.option]: path } = values;
    if (path !== undefined) told.set(source, source.readFile(await readText(path)));
  }
  if (file === undefined) await prepare(config, told);
  else await putBack(print, { file: resolve(file), told }, config);
  const database = await openBesideApp(config, 'read');
  print(`Ready to start. ${await describeContent(database)}`);
  print('For an hour every reply is looked for in its conversation before it is sent.');
  await database.close();
  return 0;
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new OperatorError(messageOf(error), { cause: error });
  });
}

async function putBack(
  print: Print,
  { file, told }: { file: string; told: Told },
  config: Config,
): Promise<void> {
  const { copies } = await commandsOf(config);
  if (!('putBack' in copies)) throw new OperatorError(copies.describeRestore(config, file));
  const { movedTo, isRead } = await copies.putBack(config, {
    file,
    readReplaced: (kysely) => Promise.all(sources.map((source) => source.readDatabase(kysely))),
    prepare: (database, known) => prepareRestored(database, [...known, ...told.values()], Date.now),
    now: Date.now,
  });
  print(`${file} is the database now.`);
  if (movedTo !== undefined) print(`The one before is kept in ${movedTo}.`);
  for (const source of sources) if (!isRead && !told.has(source)) print(source.missing);
}

async function prepare(config: Config, told: Told): Promise<void> {
  const { isThere, openWithoutApp } = await commandsOf(config);
  if (!isThere(config)) {
    throw new OperatorError(
      'Name the backup to restore: npm run restore -- /backups/shopkeeper.db',
    );
  }
  const database = await openWithoutApp(config);
  try {
    await prepareRestored(database, [...told.values()], Date.now);
  } catch (error) {
    const reason = `The database could not be prepared: ${messageOf(error)}. Put that right, and run this again before the app starts.`;
    throw new OperatorError(reason, { cause: error });
  } finally {
    await database.close();
  }
}

await runCommand(restore);
