import { loadEnvFile } from './config/env-file.ts';
import { collectWorkEarly } from './start/run.ts';
import { runApp } from './start/run-app.ts';
import { startApp } from './start/start-app.ts';

collectWorkEarly();
const fileProblems = loadEnvFile(process.env);
await runApp(() => startApp(process.env, fileProblems));
