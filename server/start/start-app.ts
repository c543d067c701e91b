import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, type Config } from '../config/load-config.ts';
import { features } from '../features.ts';
import { closeServer, endConnections } from './http-server.ts';
import { loadSecrets } from '../config/load-secrets.ts';
import { createLog, findTerminal } from '../log.ts';
import type { StandIn } from '../features/stand-in.ts';
import type { Bot } from '../runtime/types.ts';
import { openDatabase, openRun, orClose, type Run } from './run.ts';
import { findZendesk } from './stand-in.ts';

/** For load balancers that look every second; a machine for development has none. */
const DRAIN_MS = 3_000;
const FINISH_WITHIN_MS = 5_000;
/** For requests that arrived at the last moment; a live feed never ends by itself. */
const ANSWER_WITHIN_MS = 200;

export type App = Awaited<ReturnType<typeof startApp>>;

/**
 * Starts what the environment asks for, as far as the open port; `begin` starts the work.
 * @param running is there already, whatever the mode, and stays when the app stops.
 * @throws OperatorError for whatever the operator can put right.
 */
export async function startApp(
  environment: Record<string, string | undefined>,
  fileProblems?: readonly string[],
  running: { sandbox?: StandIn; bot?: Bot } = {},
) {
  const given = loadConfig(environment, fileProblems, features);
  const terminal = findTerminal(features, given);
  const log = createLog(given.logLevel, terminal);
  for (const sentence of given.misspelt) log.warn({}, sentence);

  const database = await openDatabase(given, features, log);
  const { config, standIn, parts, ...begun } = await orClose(database, openParts);
  let { run } = begun;
  let replacing: Promise<void> | undefined;

  async function openParts() {
    const secrets = loadSecrets(given, features);
    const zendesk = await findZendesk(given, features, log, { ...running, replaceRun });
    const bot = running.bot ?? (await loadBot(given));
    const own = { config: zendesk.config, secrets, bot, features, log };
    return { ...zendesk, parts: own, run: await openRun({ ...own, database }) };
  }

  function replaceRun(end: (run: Run) => Promise<void>): Promise<void> {
    replacing ??= replace(end).finally(() => (replacing = undefined));
    return replacing;
  }

  async function replace(end: (run: Run) => Promise<void>): Promise<void> {
    await end(run);
    run = await openRun({ ...parts, database: await openDatabase(given, features, log) });
    await run.shopkeeper.start();
  }

  return {
    publicUrl: config.publicUrl,
    sandboxUrl: standIn?.url,
    /** Where a developer looks on. */
    terminal,
    log,

    /** Apart from the start, because a signal may arrive while old data is being deleted. */
    begin: (): Promise<void> => run.shopkeeper.start(),

    /** Is unready until load balancers have seen it, then takes nothing new and finishes what runs. */
    async stop(): Promise<void> {
      await replacing;
      const { shopkeeper, server, closePort } = run;
      shopkeeper.drain();
      endConnections(server);
      if (config.production) await sleep(DRAIN_MS);
      log.info({}, 'Taking nothing new, finishing what runs.');
      await shopkeeper.stop(FINISH_WITHIN_MS);
      await closeServer(server, closePort, ANSWER_WITHIN_MS);
      if (running.sandbox === undefined) await standIn?.close();
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
