import type { Logger } from 'pino';
import type { Config } from '../config/load-config.ts';
import type { Feature } from '../features/feature.ts';
import type { Log } from '../log.ts';
import { createShopkeeper } from '../shopkeeper.ts';
import type { Database } from '../store/engines/database.ts';
import { chooseEngine } from '../store/engines/engine.ts';
import { migrate } from '../store/migrate.ts';
import { createHttpServer, listen } from './http-server.ts';

/** What a crash takes along: the app with its database and its port. */
type Run = Awaited<ReturnType<typeof openRun>>;

/** @throws OperatorError for whatever the operator can put right. */
export async function openRun(
  options: Parameters<typeof createShopkeeper>[0] & { config: Config; log: Logger },
) {
  const { config, database } = options;
  const log = options.log.child({});
  const shopkeeper = createShopkeeper({ ...options, log });
  const server = createHttpServer(shopkeeper.handle);
  return { database, shopkeeper, server, closePort: await listen(server, config), log };
}

/** @throws OperatorError */
export async function openDatabase(
  config: Config,
  features: readonly Feature[],
  log: Log,
): Promise<Database> {
  const engine = chooseEngine(features, config);
  const database = await engine.open(config, (message) => log.warn({}, message));
  await migrate(database, features);
  return database;
}

/**
 * Ends a run as `kill -9` would, as far as anybody outside can tell: the port, every connection and the
 * database are cut off at once. Nobody is told, nothing is drained, nothing that runs can record or send
 * anything any more, and what was claimed stays claimed.
 */
export async function dropRun(run: Run): Promise<void> {
  const { database, shopkeeper, server, closePort, log } = run;
  // What is dead says nothing, also of what it could no longer do.
  log.level = 'silent';
  closePort();
  server.closeAllConnections();
  await database.close();
  await shopkeeper.stop(0);
}
