import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import type { Config } from '../config/load-config.ts';
import type { Feature } from '../features/feature.ts';
import type { Log } from '../log.ts';
import { createShopkeeper } from '../shopkeeper.ts';
import type { Database } from '../store/engines/database.ts';
import { chooseEngine } from '../store/engines/engine.ts';
import { migrate } from '../store/migrate.ts';
import { createHttpServer, listen } from './http-server.ts';

/** The app with its database and its port. */
export type Run = Awaited<ReturnType<typeof openRun>>;

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

/**
 * Called before there is any work. What a message needs for some milliseconds V8 comes to put among what is
 * kept for long, when it saw fifty of them alive at once; there each of them keeps what it points to alive as
 * well, until a collection that holds all messages up (docs/decisions/0021).
 */
export function collectWorkEarly(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/** @throws OperatorError */
export async function openDatabase(config: Config, features: readonly Feature[], log: Log) {
  const engine = chooseEngine(features, config);
  const database = await engine.open(config, (message) => log.warn({}, message));
  await orClose(database, () => migrate(database, features));
  return database;
}

/** What failed on a database keeps it from nobody: `npm run dev` tries again in the same process. */
export async function orClose<Result>(
  database: Pick<Database, 'close'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await database.close();
    throw error;
  }
}
