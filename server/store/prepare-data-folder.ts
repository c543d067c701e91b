import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { databaseFile } from './database-file.ts';

/** The data folder cannot be used; the message says what to do about it. */
export class DataFolderError extends Error {}

const ADVICE = 'or set DATA_DIR to a folder that this process may write to';

/**
 * Creates the folder if it is missing, for us alone, and makes sure that we can write there.
 * @throws DataFolderError
 */
export function prepareDataFolder(dataDir: string): void {
  const folder = resolve(dataDir);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explain(error, folder);
  }
  const ours = [folder, databaseFile(folder), join(folder, 'instance.lock')];
  for (const path of ours.filter((candidate) => existsSync(candidate))) {
    try {
      accessSync(path, constants.W_OK);
    } catch (error) {
      throw explain(error, path);
    }
  }
}

function explain(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const sentence = sentenceFor(code, path);
  return sentence === undefined ? error : new DataFolderError(sentence, { cause: error });
}

function sentenceFor(code: string, path: string): string | undefined {
  switch (code) {
    case 'EROFS':
      return (
        `${path} is on a file system that is mounted read-only, and the app keeps its data there. ` +
        `Mount a writable volume at it, ${ADVICE}.`
      );
    case 'EACCES':
    case 'EPERM': {
      const user = process.getuid?.() ?? 'that runs this process';
      return (
        `The user ${user} may not write to ${path}, and the app keeps its data there. ` +
        `Give it to that user (chown -R ${user} …), ${ADVICE}.`
      );
    }
    case 'EEXIST':
    case 'ENOTDIR':
      return `${path} is not a folder, or is inside something that is none. Remove what is in the way, ${ADVICE}.`;
    default:
      return undefined;
  }
}
