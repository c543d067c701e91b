import { findProjectRoot, loadEnvFile } from '../config/env-file.ts';
import { runApp } from '../start/run-app.ts';
import { startDev, type LoadAnew } from './dev/start-dev.ts';

/** Starts the app for whoever edits it, until a signal. */
export async function runDev(loadAnew: LoadAnew): Promise<void> {
  const fileProblems = loadEnvFile(process.env);
  await runApp(() => startDev(loadAnew, findProjectRoot(), process.env, fileProblems));
}
