import { join, relative } from 'node:path';
import { loadConfig } from '../../config/load-config.ts';
import { explainFailure, OperatorError } from '../../errors.ts';
import { features } from '../../features.ts';
import type { App } from '../../start/start-app.ts';
import type { Bot } from '../../runtime/types.ts';
import { findStandIn } from '../../start/stand-in.ts';
import { followAssets } from './follow-assets.ts';
import { followFiles, SETTLES_WITHIN_MS } from './follow-files.ts';
import { createLog, findTerminal } from '../../log.ts';
import { createLiveBot } from './live-bot.ts';
import * as loaded from './server.ts';
import { watchTypes } from './watch-types.ts';

type Server = typeof loaded;

/** Imports a file of the project as it is now, with every other one that it imports (scripts/load-anew.js). */
export interface LoadAnew {
  (path: 'server/commands/dev/server.ts'): Promise<Server>;
  (path: 'server/bot/bot.ts'): Promise<{ bot: Bot }>;
}

/** What is delivered while the server starts again is delivered once more a second later, not a minute. */
const TIME_SCALE = 0.02;
const ENV_CHANGED = 'What .env says is read at a start: end this with Ctrl-C, and start it again.';
/** Code, and what the bot may read beside its own; no file that an editor keeps there for a moment. */
const FOLLOWED = /\.ts$|^bot\/.*\.(?:csv|json|md|txt|ya?ml)$/;
/** Of the bot's folder: what is read when the server starts. */
const READ_AT_START = /^bot\/routes\.ts$/;

/**
 * Starts the app for whoever edits it: the bot is swapped while it runs, the rest of the server starts
 * again, and the sandbox with its conversations, the database and the ports stay.
 * @throws OperatorError as startApp does.
 */
export async function startDev(
  loadAnew: LoadAnew,
  root: string,
  environment: Record<string, string | undefined>,
  fileProblems: readonly string[],
): Promise<App> {
  const config = loadConfig(environment, fileProblems, features);
  const log = createLog('info', findTerminal(features, config));
  const tell = (text: string, change: 'taken' | 'failed' = 'taken') => log.info({ change }, text);
  const sandbox =
    config.sandbox === null
      ? undefined
      : await findStandIn(features).start(
          { ...config, sandbox: config.sandbox },
          () => {},
          TIME_SCALE,
        );
  const stopAssets = await followAssets(root, tell);
  const live = createLiveBot(() => loadAnew('server/bot/bot.ts'));
  const types = await watchTypes(root);
  /** Of the server that runs. */
  let complete: (bot: Bot) => Promise<Bot>;
  // What this module was loaded with is new enough, and to load all of it again takes a second.
  const first = await start(loaded);
  let app: App | undefined = first;

  /** In the chat, which is what people look at. */
  function show(text: string | undefined): void {
    sandbox?.showDeveloper?.(text);
  }

  async function start(server: Server): Promise<App> {
    complete = (bot) => server.completeBot(bot, { isSandbox: sandbox !== undefined });
    await live.load(complete);
    const running = { bot: live.bot, ...(sandbox && { sandbox }) };
    return await server.startApp(environment, fileProblems, running);
  }

  async function swapBot(changedAt: number): Promise<string> {
    const problems = await types.findProblems(changedAt);
    if (problems.length > 0) throw new OperatorError(problems.join('\n'));
    await live.load(complete);
    return 'Your bot was swapped in.';
  }

  async function restart(): Promise<string> {
    await app?.stop();
    app = undefined;
    app = await start(await loadAnew('server/commands/dev/server.ts'));
    await app.begin();
    return 'The server was started again.';
  }

  async function follow(files: readonly string[], changedAt: number): Promise<void> {
    const begun = performance.now();
    const isBot = files.every((file) => file.startsWith('bot/') && !READ_AT_START.test(file));
    try {
      const done = await (isBot && app !== undefined ? swapBot(changedAt) : restart());
      show(undefined);
      tell(`${done} (${files.join(', ')}, ${Math.round(performance.now() - begun)} ms)`);
    } catch (error) {
      const rest =
        app === undefined ? 'The next change starts it again.' : 'Your bot stays as it was.';
      const text = `${explainFailure(error)}\n${rest}`;
      show(text);
      tell(text, 'failed');
    }
  }

  const ends = [
    await watchFolder(join(root, 'server'), tell, follow),
    // Ports, the sandbox and the database stay, so what is said there is for the next start.
    await followFiles([join(root, '.env')], tell, () => tell(ENV_CHANGED)),
    stopAssets,
  ];
  return {
    ...first,
    async stop(): Promise<void> {
      await Promise.all(ends.map((end) => end()));
      await app?.stop();
      await sandbox?.close();
    },
  };
}

type Follow = (files: readonly string[], changedAt: number) => Promise<void>;

/**
 * Calls one after the other, each with the files that were changed in a moment, and when, in epoch milliseconds.
 * Returns what ends it.
 */
function watchFolder(folder: string, tell: (text: string) => void, follow: Follow) {
  const changed = new Map<string, number>();
  let following = Promise.resolve();
  function hand(): void {
    const files = [...changed.keys()];
    const changedAt = Math.max(...changed.values());
    changed.clear();
    following = following.then(() => follow(files, changedAt));
  }
  return followFiles([folder], tell, (path, stats) => {
    const file = relative(folder, path).replaceAll('\\', '/');
    if (!FOLLOWED.test(file)) return;
    if (changed.size === 0) setTimeout(hand, SETTLES_WITHIN_MS);
    changed.set(file, stats?.mtimeMs ?? Date.now());
  });
}
