import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProjectRoot } from '../project-root.ts';

/** Adds what `.env` says to the environment of this process; what is set there already wins. */
export function loadEnvFile(): void {
  const file = envFilePath();
  if (existsSync(file)) process.loadEnvFile(file);
}

/** It lies beside package.json, wherever the process was started. */
export function envFilePath(): string {
  return join(findProjectRoot(), '.env');
}
