import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { CommandDatabase } from '../../commands/engine-commands.ts';
import { requireFile, requireRights } from '../shared/data-folder.ts';
import { OperatorError } from '../../errors.ts';
import type { DatabasePlace } from '../../store/engines/database.ts';
import { dialect } from './dialect.ts';
import { databaseFile, openSqliteFile } from './file.ts';

/** A command can wait longer than the app does: nobody waits for its answer. */
const BUSY_TIMEOUT_MS = 10_000;

export function isThere({ dataDir }: DatabasePlace): boolean {
  const path = databaseFile(dataDir);
  requireFile(path);
  return existsSync(path);
}

/** Without the lock that keeps a second instance away. */
export async function openBesideApp(
  place: DatabasePlace,
  access: 'read' | 'write',
): Promise<CommandDatabase> {
  const path = databaseFile(place.dataDir);
  if (!isThere(place)) {
    throw new OperatorError(
      `There is no database at ${path}. It is made at the first start; if yours is elsewhere, set DATA_DIR or DATABASE_URL as the app has it.`,
    );
  }
  requireRights(path);
  const mode = access === 'read' ? 'ro' : 'rw';
  const address = `${pathToFileURL(path).href}?mode=${mode}`;
  const { kysely, direct } = await openSqliteFile(address, {
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    path,
  });
  return { dialect, kysely, direct, close: () => kysely.destroy() };
}
