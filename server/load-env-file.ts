import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProjectRoot } from './project-root.ts';

/** Adds the project's `.env` to the environment, for programs only; what is set already wins. */
export function loadEnvFile(): void {
  const path = join(findProjectRoot(), '.env');
  if (existsSync(path)) process.loadEnvFile(path);
}
