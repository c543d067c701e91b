import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { bot } from './bot/bot.ts';
import { loadConfig, type Config } from './config.ts';
import { loadProviders } from './connections/load-providers.ts';
import { createShopkeeper } from './create-shopkeeper.ts';
import { explainFailure } from './explain-failure.ts';
import { listen } from './listen.ts';
import { loadEnvFile } from './load-env-file.ts';
import { loadSecrets } from './load-secrets.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics/create-metrics.ts';
import type { Log } from './runtime/types.ts';
import { openDatabase } from './store/open-database.ts';
import { migrate } from './store/migrate.ts';

/** For load balancers that look every second; a machine for development has none. */
const DRAIN_MS = 3_000;
const FINISH_WITHIN_MS = 5_000;
const EXIT_WITHIN_MS = 9_500;

async function main(): Promise<void> {
  loadEnvFile();
  const given = loadConfig(process.env);
  const log = createLog({
    level: given.logLevel,
    pretty: !given.production && process.stdout.isTTY,
  });

  const database = await openDatabase(given);
  await migrate(database);
  const secrets = loadSecrets(given);

  const { config, sandbox } =
    given.sandbox === null
      ? { config: given, sandbox: undefined }
      : await startSandboxFor({ ...given, sandbox: given.sandbox }, log);
  const metrics = createMetrics({ database, now: Date.now });
  const shopkeeper = createShopkeeper({
    config,
    secrets,
    database,
    bot,
    providers: await loadProviders(config.connections, metrics.measureCalls),
    sandboxUrl: sandbox?.url ?? null,
    metrics,
    log,
  });
  const server = createServer({ requestTimeout: 30_000 }, shopkeeper.handle);
  await listen(server, config.port);
  process.stdout.write(describeStart(config.publicUrl, sandbox?.url));

  let stopping = false;
  async function stop(signal: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref();
    log.info({ signal }, 'Stopping: no longer ready.');
    shopkeeper.drain();
    if (config.production) await sleep(DRAIN_MS);
    log.info({ signal }, 'Stopping: taking nothing new, finishing what runs.');
    await shopkeeper.stop(FINISH_WITHIN_MS);
    server.close();
    server.closeAllConnections();
    await sandbox?.close();
    await database.close();
    process.exit(0);
  }
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));

  await shopkeeper.start();
  for (const [name, value] of Object.entries(config.marketplace)) {
    if (value === undefined)
      log.warn({ name }, 'A marketplace header has no value yet; Zendesk’s review needs it.');
  }
}

/** Loaded only when it is used: in production it is not. */
async function startSandboxFor(config: Config & { sandbox: { port: number } }, log: Log) {
  const { startWithSandbox } = await import('./start-with-sandbox.ts');
  return await startWithSandbox(config, (line) => log.info({}, line));
}

function describeStart(publicUrl: string, sandboxUrl: string | undefined): string {
  const lines = [`Shopkeeper is ready: ${publicUrl}`];
  if (sandboxUrl === undefined) {
    lines.push(
      '  Register these in the partner portal:',
      `    Redirect URL       ${publicUrl}/oauth`,
      `    Configuration URL  ${publicUrl}/settings`,
      `    Remove URL         ${publicUrl}/remove`,
      `    Installation URL   ${publicUrl}/install`,
    );
  } else {
    lines.push(
      `  Sandbox mode: no credentials found, so Zendesk is a local stand-in at ${sandboxUrl}`,
      '  Edit server/bot/on-message.ts to change what the bot answers.',
    );
  }
  return `\n${lines.join('\n')}\n\n`;
}

main().catch((error: unknown) => {
  process.stderr.write(`\nShopkeeper could not start. ${explainFailure(error)}\n`);
  process.exit(1);
});
