import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { findProjectRoot } from '../config/env-file.ts';
import { explainFailure, messageOf, OperatorError } from '../errors.ts';
import { features } from '../features.ts';
import type { App } from './start-app.ts';

const EXIT_WITHIN_MS = 9_500;

/** Starts the app and has it work until a signal; what is in the way of that ends the process with 1. */
export async function runApp(start: () => Promise<App>): Promise<void> {
  let app: App | undefined;
  const isStopping = stopOnSignal(() => app);
  try {
    refuseArguments();
    app = await start();
    announce(app);
    outliveRejections(app);
    await app.begin();
  } catch (error) {
    // A stop closes the database on a start that is still busy, and ends the process itself.
    if (isStopping()) return;
    process.stderr.write(`\nShopkeeper could not start. ${explainFailure(error)}\n`);
    process.exit(1);
  }
}

/** Everything is set by variables: whoever sets it in another way must not believe that it is. */
function refuseArguments(): void {
  try {
    parseArgs();
  } catch (error) {
    const reason = `${messageOf(error)}. Settings are variables, of the environment or in .env (.env.example): PORT=8080 npm start`;
    throw new OperatorError(reason, { cause: error });
  }
}

/**
 * One `await` that a handler lacks must not end everybody's bot, again at each attempt at the same message. What
 * the app itself began has its errors caught, and what is thrown outside of a promise still ends the process.
 */
function outliveRejections({ log }: App): void {
  process.on('unhandledRejection', (error) => {
    log.error({ error }, 'A promise failed that nobody waits for: an `await` may be missing.');
  });
}

/** SIGTERM and Ctrl-C end the process, with 0 when what runs stopped in time. Returns whether one has come. */
function stopOnSignal(findApp: () => App | undefined): () => boolean {
  let stopping = false;
  async function stopOnce(signal: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    const app = findApp();
    // Still waiting for a database, say. Process 1 of a container does not end by itself on a signal.
    if (app === undefined) process.exit(0);
    app.log.info({ signal }, 'Stopping: no longer ready.');
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref();
    await app.stop();
    process.exit(0);
  }
  process.on('SIGTERM', (signal) => void stopOnce(signal));
  process.on('SIGINT', (signal) => void stopOnce(signal));
  return () => stopping;
}

/** Says where everything is once the app answers: on a terminal for people, else as a line of the log. */
function announce({ publicUrl, sandboxUrl, terminal, log }: App): void {
  const version = readVersion();
  const firstLooks = features.flatMap(({ firstLook }) => firstLook ?? []);
  const portal = ADDRESSES.map(({ field, path }) => ({ name: field, path }));
  const places = (sandboxUrl === undefined ? portal : firstLooks).map(({ path, ...rest }) => ({
    ...rest,
    address: publicUrl + path,
  }));
  if (terminal !== undefined) return terminal.announce({ version, publicUrl, sandboxUrl, places });
  const addresses = Object.fromEntries(places.map(({ name, address }) => [name, address]));
  const register = sandboxUrl === undefined ? addresses : undefined;
  log.info({ version, sandboxUrl, register }, `Shopkeeper is ready: ${publicUrl}`);
}

const Package = z.object({ version: z.string() });

function readVersion(): string {
  const text = readFileSync(join(findProjectRoot(), 'package.json'), 'utf8');
  return Package.parse(JSON.parse(text)).version;
}

/** What the partner portal asks for, in the order of its form. */
export const ADDRESSES = [
  { field: 'Redirect URL', path: '/oauth' },
  ...features.flatMap(({ portalAddress }) => portalAddress ?? []),
  { field: 'Installation URL', path: '/install' },
];
