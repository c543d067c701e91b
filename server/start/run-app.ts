import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findProjectRoot } from '../config/env-file.ts';
import { explainFailure } from '../errors.ts';
import { features } from '../features.ts';
import type { App } from './start-app.ts';
import { drawBanner } from './terminal/draw.ts';

const EXIT_WITHIN_MS = 9_500;

/** What runs is not what is edited. */
const isCompiled = import.meta.filename.endsWith('.js');

/** Starts the app and has it work until a signal; what is in the way of that ends the process with 1. */
export async function runApp(start: () => Promise<App>): Promise<void> {
  try {
    const app = await start();
    announce(app);
    stopOnSignal(app);
    await app.begin();
  } catch (error) {
    process.stderr.write(`\nShopkeeper could not start. ${explainFailure(error)}\n`);
    process.exit(1);
  }
}

/** SIGTERM and Ctrl-C stop what runs and end the process: with 0 when it stopped in time. */
function stopOnSignal(app: App): void {
  let stopping = false;
  async function stopOnce(signal: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    app.log.info({ signal }, 'Stopping: no longer ready.');
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref();
    await app.stop();
    process.exit(0);
  }
  process.on('SIGTERM', (signal) => void stopOnce(signal));
  process.on('SIGINT', (signal) => void stopOnce(signal));
}

/** Says where everything is once the app answers: on a terminal for people, else as a line of the log. */
function announce({ publicUrl, sandboxUrl, isTerminal, log, ...app }: App): void {
  if (isTerminal)
    return void process.stdout.write(drawBanner(describeStart({ ...app, publicUrl, sandboxUrl })));
  const register =
    sandboxUrl === undefined
      ? Object.fromEntries(ADDRESSES.map(({ field, path }) => [field, publicUrl + path]))
      : undefined;
  log.info({ version: readVersion(), sandboxUrl, register }, `Shopkeeper is ready: ${publicUrl}`);
}

function describeStart(app: Pick<App, 'publicUrl' | 'sandboxUrl' | 'isPublicDemo'>) {
  const { publicUrl, sandboxUrl, isPublicDemo } = app;
  const places =
    sandboxUrl === undefined
      ? ADDRESSES.map(({ field, path }) => ({ name: field, address: publicUrl + path }))
      : [
          {
            name: 'Sandbox',
            address: sandboxUrl,
            note: isPublicDemo ? 'one for each visitor' : 'a stand-in for Zendesk on this machine',
          },
          ...features.flatMap(({ firstLook }) =>
            firstLook === undefined ? [] : { ...firstLook, address: publicUrl + firstLook.path },
          ),
        ];
  return {
    version: readVersion(),
    mode: isPublicDemo ? 'public demo' : sandboxUrl === undefined ? 'development' : 'sandbox mode',
    places: [
      { name: 'Bot', address: publicUrl },
      ...places,
      {
        name: 'Edit',
        address: 'server/bot/on-message.ts',
        note: isCompiled
          ? 'with `npm run dev` instead: what runs was compiled before'
          : 'reloads in place, the chat stays open',
      },
    ],
    ms: Math.round(performance.now()),
  };
}

const Package = z.object({ version: z.string() });

function readVersion(): string {
  const text = readFileSync(join(findProjectRoot(), 'package.json'), 'utf8');
  return Package.parse(JSON.parse(text)).version;
}

/** What the partner portal asks for, in the order of its form. */
const ADDRESSES = [
  { field: 'Redirect URL', path: '/oauth' },
  { field: 'Configuration URL', path: '/settings' },
  { field: 'Remove URL', path: '/remove' },
  { field: 'Installation URL', path: '/install' },
  ...features.flatMap(({ portalAddress }) => portalAddress ?? []),
];

/** The addresses to register in the partner portal, ready to paste, one a line. */
export function describePortalUrls(publicUrl: string): string[] {
  return ADDRESSES.map(({ field, path }) => `${field.padEnd(19)}${publicUrl}${path}`);
}
