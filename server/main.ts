import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { bot } from './bot/bot.ts';
import { ConfigError, loadConfig, type Config } from './config.ts';
import { loadProviders } from './connections/load-providers.ts';
import { createShopkeeper } from './create-shopkeeper.ts';
import { loadDevelopmentSecrets } from './development-secrets.ts';
import { messageOf } from './errors.ts';
import { listen, PortTakenError } from './listen.ts';
import { createLog } from './log.ts';
import { findProjectRoot } from './project-root.ts';
import type { Log } from './runtime/types.ts';
import type { SandboxConfig } from './start-with-sandbox.ts';
import { openDatabase } from './store/open-database.ts';
import { DataFolderInUseError } from './store/instance-lock.ts';
import { migrate } from './store/migrate.ts';

const FINISH_WITHIN_MS = 6_000;
const EXIT_WITHIN_MS = 9_500;

async function main(): Promise<void> {
  const envFile = join(findProjectRoot(), '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const given = loadConfig(process.env);
  const log = createLog({
    level: given.logLevel,
    pretty: !given.production && process.stdout.isTTY,
  });

  const database = await openDatabase(given);
  await migrate(database);
  const needsSecrets = given.sessionSecrets === undefined || given.encryptionKeys === undefined;
  const made = needsSecrets ? loadDevelopmentSecrets(given.dataDir) : undefined;
  const secrets = {
    sessionSecrets: given.sessionSecrets ?? made?.sessionSecrets ?? [],
    encryptionKeys: given.encryptionKeys ?? made?.encryptionKeys ?? [],
  };

  const { config, sandbox } =
    given.sandbox === null
      ? { config: given, sandbox: undefined }
      : await startSandboxFor({ ...given, sandbox: given.sandbox }, log);
  const shopkeeper = createShopkeeper({
    config,
    secrets,
    database,
    bot,
    providers: await loadProviders(config.connections),
    sandboxUrl: sandbox?.url ?? null,
    isPublicDemo: given.sandbox?.isPublicDemo ?? false,
    log,
  });
  const server = createServer({ requestTimeout: 30_000 }, shopkeeper.handle);
  await listen(server, config.port);
  process.stdout.write(describeStart(config, sandbox?.url));

  let stopping = false;
  async function stop(signal: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping: taking nothing new, finishing what runs.');
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref();
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

/** Loaded only when it is used: in production it is not, except for a public demo. */
async function startSandboxFor(config: SandboxConfig, log: Log) {
  const { startWithSandbox } = await import('./start-with-sandbox.ts');
  return await startWithSandbox(config, (line) => log.info({}, line));
}

function describeStart({ publicUrl, sandbox }: Config, sandboxUrl: string | undefined): string {
  const lines = [`Shopkeeper is ready: ${publicUrl}`];
  if (sandboxUrl === undefined) {
    lines.push(
      '  Register these in the partner portal:',
      `    Redirect URL       ${publicUrl}/oauth`,
      `    Configuration URL  ${publicUrl}/settings`,
      `    Remove URL         ${publicUrl}/remove`,
      `    Installation URL   ${publicUrl}/install`,
    );
  } else if (sandbox?.isPublicDemo) {
    lines.push(`  Public demo: every visitor has a sandbox of their own at ${sandboxUrl}`);
  } else {
    lines.push(
      `  Sandbox mode: no credentials found, so Zendesk is a local stand-in at ${sandboxUrl}`,
      '  Edit server/bot/on-message.ts to change what the bot answers.',
    );
  }
  return `\n${lines.join('\n')}\n\n`;
}

/** What the operator can put right; a stack would only hide the sentence that says how. */
function isExplained(error: unknown): boolean {
  return [ConfigError, PortTakenError, DataFolderInUseError].some((kind) => error instanceof kind);
}

main().catch((error: unknown) => {
  const details = error instanceof Error && !isExplained(error) ? `\n${error.stack}` : '';
  process.stderr.write(`\nShopkeeper could not start. ${messageOf(error)}${details}\n`);
  process.exit(1);
});
