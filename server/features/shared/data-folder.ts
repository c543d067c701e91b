import { accessSync, constants, existsSync, mkdirSync, readlinkSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf, OperatorError } from '../../errors.ts';

const ADVICE = 'or set DATA_DIR to a folder that this process may write to';

/**
 * Creates the folder if it is missing, for us alone, and makes sure that we can write there, and into these
 * files of it where they exist.
 * @throws OperatorError saying what is in the way and what to do about it.
 */
export function prepareDataFolder(dataDir: string, files: readonly string[] = []): void {
  const folder = resolve(dataDir);
  // mkdir reports a read-only file system as "no such file", so whatever is there is asked first.
  explaining(folder, () => accessSync(findExisting(folder), constants.W_OK));
  explaining(folder, () => makeFolder(folder));
  for (const path of files) {
    requireFile(path);
    if (existsSync(path)) explaining(path, () => accessSync(path, constants.W_OK));
  }
}

/** @throws OperatorError when what is there is no file, or a link that leads nowhere. */
export function requireFile(path: string): void {
  requireTarget(path);
  if (!existsSync(path) || statSync(path).isFile()) return;
  throw new OperatorError(`${path} is not a file. Move away what is there, ${ADVICE}.`);
}

/**
 * For a command beside the app: to read the file is to write beside it, too.
 * @throws OperatorError when this user may not.
 */
export function requireRights(path: string): void {
  try {
    for (const used of [dirname(path), path]) accessSync(used, constants.R_OK | constants.W_OK);
  } catch (error) {
    // What else is in the way is told by whoever opens it.
    if (codeOf(error) !== 'EACCES') return;
    throw new OperatorError(
      `The user ${user()} may not use ${path} and the files beside it. Run this as the user that the app runs as.`,
      { cause: error },
    );
  }
}

/** The folder itself, or the nearest one above it that is there. */
function findExisting(folder: string): string {
  requireTarget(folder);
  return existsSync(folder) ? folder : findExisting(dirname(folder));
}

/** One after the other: where mkdir says "no such file", as below /proc, a recursive one tries for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** A link to a disk that is not mounted leads nowhere; following it would begin anew in another place. */
function requireTarget(path: string): void {
  if (existsSync(path)) return;
  let target: string;
  try {
    target = readlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'EACCES') return;
    throw new OperatorError(
      `The user ${user()} may not look into ${dirname(path)}. Run this as the user whose folder it is, ${ADVICE}.`,
      { cause: error },
    );
  }
  throw new OperatorError(
    `${path} is a link to ${target}, where nothing is. Mount the disk that it leads to, ${ADVICE}.`,
  );
}

function explaining(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const obstacle = describeObstacle(codeOf(error), path);
    throw obstacle === undefined
      ? error
      : new OperatorError(`${obstacle}, ${ADVICE}.`, { cause: error });
  }
}

const user = () => process.getuid?.() ?? 'that runs this process';

function describeObstacle(code: string | undefined, path: string): string | undefined {
  switch (code) {
    case 'EROFS':
      return `${path} is on a file system that is mounted read-only, and the app keeps its data there. Mount a writable volume at it`;
    case 'EACCES':
    case 'EPERM':
      return `The user ${user()} may not write to ${path}, and the app keeps its data there. Give it to that user (chown -R ${user()} …)`;
    case 'ENOENT':
    case 'ENOSYS':
      return `${path} cannot be made: its file system takes no new folders. Mount a volume at it`;
    case 'ENOSPC':
      return `${path} cannot be made: the disk is full. Make room`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `${path} is not a folder, or is inside something that is none. Remove what is in the way`;
    default:
      return undefined;
  }
}
