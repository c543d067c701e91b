import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder with package.json, seen from this file: it is one level up in development and two when
 * compiled to dist/, and never the working directory, from which the app may or may not be started.
 */
export function findProjectRoot(from: string = import.meta.dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('package.json was not found above the server folder.');
  return findProjectRoot(parent);
}
