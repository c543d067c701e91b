import { explainFailure } from '../errors.ts';
import { describeStart } from './describe-start.ts';
import type { App } from './start-app.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/** Starts the app and has it work until a signal; what is in the way of that ends the process with 1. */
export async function runApp(start: () => Promise<App>): Promise<void> {
  try {
    const app = await start();
    process.stdout.write(describeStart(app));
    stopOnSignal(() => app.stop(), app.log);
    await app.begin();
  } catch (error) {
    process.stderr.write(`\nShopkeeper could not start. ${explainFailure(error)}\n`);
    process.exit(1);
  }
}
