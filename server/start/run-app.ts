import { explainFailure } from '../errors.ts';
import { features } from '../features.ts';
import type { App } from './start-app.ts';

const EXIT_WITHIN_MS = 9_500;

/** What runs is not what is edited. */
const isCompiled = import.meta.filename.endsWith('.js');

/** Starts the app and has it work until a signal; what is in the way of that ends the process with 1. */
export async function runApp(start: () => Promise<App>): Promise<void> {
  try {
    const app = await start();
    process.stdout.write(describeStart(app));
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

/** What the terminal shows once the app answers. */
function describeStart(app: App): string {
  const lines = describeNext(app).map((line) => `  ${line}\n`);
  return `\nShopkeeper is ready: ${app.publicUrl}\n${lines.join('')}\n`;
}

function describeNext({ publicUrl, sandboxUrl, isPublicDemo }: App): string[] {
  if (sandboxUrl === undefined) {
    const urls = describePortalUrls(publicUrl).map((line) => `  ${line}`);
    return ['Register these in the partner portal:', ...urls];
  }
  if (isPublicDemo)
    return [`Public demo: every visitor has a sandbox of their own at ${sandboxUrl}`];
  return [
    `Sandbox mode: Zendesk is a local stand-in at ${sandboxUrl}`,
    isCompiled
      ? '`npm run dev` instead follows what you change in server/bot/; this was compiled when it started.'
      : 'Edit server/bot/on-message.ts, save it, and ask again.',
  ];
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
