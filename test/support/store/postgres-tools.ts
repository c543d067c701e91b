import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostgresBinaries } from './postgres.ts';

const run = promisify(execFile);

/** Runs one of PostgreSQL's own programs: those of the server's package, or else those in the path. */
export async function runPostgresTool(name: string, args: readonly string[]): Promise<void> {
  await run(join((await findPostgresBinaries()) ?? '', name), [...args]);
}
