import { setTimeout as sleep } from 'node:timers/promises';
import { findMissingMarketplace, loadConfig, type Config } from '../config/load-config.ts';
import { features } from '../features.ts';
import { closeServer, endConnections } from './http-server.ts';
import { loadSecrets } from '../config/load-secrets.ts';
import { createLog, findTerminal, type Log } from '../log.ts';
import type { StandIn } from '../features/stand-in.ts';
import type { Bot } from '../runtime/types.ts';
import { dropRun, openDatabase, openRun } from './run.ts';
import { findStandIn, leadTo } from './stand-in.ts';

/** For load balancers that look every second; a machine for development has none. */
const DRAIN_MS = 3_000;
const FINISH_WITHIN_MS = 5_000;
/** For requests that arrived at the last moment; a live feed never ends by itself. */
const ANSWER_WITHIN_MS = 200;

export type App = Awaited<ReturnType<typeof startApp>>;

/** What is there already, and stays when the app stops. */
export interface Running {
  sandbox?: StandIn;
  /** Whatever the mode. */
  bot?: Bot;
}

/**
 * Starts what the environment asks for, as far as the open port; `begin` starts the work.
 * @throws OperatorError for whatever the operator can put right.
 */
export async function startApp(
  environment: Record<string, string | undefined>,
  fileProblems?: readonly string[],
  running: Running = {},
) {
  const given = loadConfig(environment, fileProblems, features);
  const terminal = findTerminal(features, given);
  const log = createLog({ level: given.logLevel, destination: terminal });

  const database = await openDatabase(given, features, log);
  const secrets = loadSecrets(given, features);

  const { config, sandbox } = await findZendesk(given, log, running.sandbox);
  const parts = {
    config,
    secrets,
    bot: running.bot ?? (await loadBot(given)),
    features,
    sandboxUrl: sandbox?.url ?? null,
    isPublicDemo: config.sandbox?.isPublicDemo ?? false,
    // It would concern every visitor of a public demo.
    crash: sandbox === undefined || given.sandbox?.isPublicDemo ? undefined : crash,
    log,
  };
  let run = await openRun({ ...parts, database });
  let crashing: Promise<void> | undefined;

  /** Kills what runs, and starts it again on the same port and database. */
  function crash(): Promise<void> {
    crashing ??= comeBack().finally(() => (crashing = undefined));
    return crashing;
  }

  async function comeBack(): Promise<void> {
    log.warn({}, 'The app is killed, as was wished on /play; another one starts in its place.');
    await dropRun(run);
    run = await openRun({ ...parts, database: await openDatabase(given, features, log) });
    await run.shopkeeper.start();
  }

  return {
    publicUrl: config.publicUrl,
    sandboxUrl: sandbox?.url,
    /** Where a developer looks on. */
    terminal,
    log,

    /** Apart from the start, because a signal may arrive while webhooks are being moved. */
    async begin(): Promise<void> {
      await run.shopkeeper.start();
      for (const variable of findMissingMarketplace(config.marketplace))
        log.warn({}, `${variable} has no value yet: Zendesk’s review looks for its header.`);
    },

    /** Is unready until load balancers have seen it, then takes nothing new and finishes what runs. */
    async stop(): Promise<void> {
      await crashing;
      const { shopkeeper, server, closePort } = run;
      shopkeeper.drain();
      endConnections(server);
      if (config.production) await sleep(DRAIN_MS);
      log.info({}, 'Taking nothing new, finishing what runs.');
      await shopkeeper.stop(FINISH_WITHIN_MS);
      await closeServer(server, closePort, ANSWER_WITHIN_MS);
      if (running.sandbox === undefined) await sandbox?.close();
      await run.database.close();
    },
  };
}

/** Loaded only when there is none: a bot that cannot be loaded keeps nobody from starting with another. */
async function loadBot({ production, sandbox }: Config): Promise<Bot> {
  // An error names the lines that people edit; in production the memory for that is worth more.
  if (!production) process.setSourceMapsEnabled(true);
  const { bot } = await import('../bot/bot.ts');
  return sandbox === null ? bot : await toSandboxBot(bot);
}

/** What runs in sandbox mode: your bot, behind something to try out if there is a feature that has it. */
export async function toSandboxBot(bot: Bot): Promise<Bot> {
  const [make] = features.flatMap(({ sandboxBot }) => sandboxBot ?? []);
  return (await make?.(bot)) ?? bot;
}

/** As it was configured, or in sandbox mode the stand-in, which starts if it does not run already. */
async function findZendesk(given: Config, log: Log, running: StandIn | undefined) {
  if (given.sandbox === null) return { config: given, sandbox: undefined };
  const config = { ...given, sandbox: given.sandbox };
  const tell = (line: string) => log.info({}, line);
  const sandbox = running ?? (await findStandIn(features).start(config, tell));
  return { config: leadTo(sandbox, config, features), sandbox };
}
