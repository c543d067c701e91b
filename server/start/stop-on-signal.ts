import type { Log } from '../log.ts';

const EXIT_WITHIN_MS = 9_500;

/** SIGTERM and Ctrl-C stop what runs and end the process: with 0 when it stopped in time. */
export function stopOnSignal(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  async function stopOnce(signal: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping: no longer ready.');
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref();
    await stop();
    process.exit(0);
  }
  process.on('SIGTERM', (signal) => void stopOnce(signal));
  process.on('SIGINT', (signal) => void stopOnce(signal));
}
