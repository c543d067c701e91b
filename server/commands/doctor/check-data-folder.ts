import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf, OperatorError } from '../../errors.ts';
import { tryLock } from '../../store/engines/instance-lock.ts';
import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'data folder';
const NEEDS_LOCKS = 'Move the data folder, or take PostgreSQL.';

/** Tries it: rights, a read-only disk, a full one and one without locks show when something is written. */
export async function checkDataFolder(dataDir: string): Promise<Finding> {
  const folder = resolve(dataDir);
  const existing = await findExisting(folder);
  try {
    await tryToWrite(existing);
    await tryLock(existing);
    if (existing === folder) return ok(CHECK, `${folder} can be written.`);
    return ok(CHECK, `${folder} does not exist yet; the first start makes it.`);
  } catch (error) {
    if (error instanceof OperatorError) return problem(CHECK, error.message, NEEDS_LOCKS);
    if (codeOf(error) === 'ENOSPC')
      return problem(CHECK, `The disk of ${folder} is full (ENOSPC).`, 'Make room on it.');
    return problem(
      CHECK,
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
