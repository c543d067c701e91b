import { findProjectRoot, loadEnvFile } from '../config/env-file.ts';
import { runApp } from '../start/run-app.ts';
import { startDev } from './dev/start-dev.ts';

const fileProblems = loadEnvFile(process.env);
await runApp(() => startDev(findProjectRoot(), process.env, fileProblems));
