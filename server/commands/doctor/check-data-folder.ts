import { constants } from 'node:fs';
import { access, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'data folder';

/** Tries it: rights, a read-only disk and a full one all show when something is written. */
export async function checkDataFolder(dataDir: string): Promise<Finding> {
  const folder = resolve(dataDir);
  const existing = await findExisting(folder);
  try {
    if (existing !== folder) {
      await access(existing, constants.W_OK | constants.X_OK);
      return ok(CHECK, `${folder} does not exist yet; the first start makes it.`);
    }
    const probe = join(folder, `doctor-${process.pid}.tmp`);
    try {
      await writeFile(probe, 'ok', { mode: 0o600 });
    } finally {
      await rm(probe, { force: true });
    }
    return ok(CHECK, `${folder} can be written.`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    return problem(
      CHECK,
      `${folder} cannot be written (${code}).`,
      'Give it to the user the app runs as, or set DATA_DIR to a folder on a disk that survives deployments.',
    );
  }
}

async function findExisting(folder: string): Promise<string> {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  return exists || folder === dirname(folder) ? folder : await findExisting(dirname(folder));
}
