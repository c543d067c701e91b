import { describeStart } from './start/describe-start.ts';
import { explainFailure } from './errors.ts';
import { loadEnvFile } from './config/load-env-file.ts';
import { startApp } from './start/start-app.ts';
import { stopOnSignal } from './start/stop-on-signal.ts';

async function main(): Promise<void> {
  loadEnvFile();
  const app = await startApp(process.env);
  process.stdout.write(describeStart(app));
  stopOnSignal(() => app.stop(), app.log);
  await app.begin();
}

main().catch((error: unknown) => {
  process.stderr.write(`\nShopkeeper could not start. ${explainFailure(error)}\n`);
  process.exit(1);
});
