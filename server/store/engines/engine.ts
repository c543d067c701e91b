import type { EngineCommands } from '../../commands/engine-commands.ts';
import { OperatorError } from '../../errors.ts';
import type { Database, DatabasePlace } from './database.ts';

/** A kind of database that everything can be kept in. */
export interface DatabaseEngine {
  /** Whether DATABASE_URL leads to it; else it is for whoever sets none. */
  hasAddress: boolean;
  /** Does not migrate. Loads the driver, and nothing else does: each costs memory and time at the start. */
  open: (place: DatabasePlace, warn?: (message: string) => void) => Promise<Database>;
  /** What the commands need of it. */
  commands: () => Promise<EngineCommands>;
}

/** @throws OperatorError when the feature that has it was deleted. */
export function chooseEngine(
  features: readonly { engine?: DatabaseEngine }[],
  { databaseUrl }: DatabasePlace,
): DatabaseEngine {
  const hasAddress = Boolean(databaseUrl);
  const engines = features.flatMap(({ engine }) => engine ?? []);
  const engine = engines.find((one) => one.hasAddress === hasAddress);
  if (engine !== undefined) return engine;
  throw new OperatorError(
    hasAddress
      ? 'DATABASE_URL is set, and server/features.ts has no database with an address. Leave it out, or put that feature back.'
      : 'DATABASE_URL is missing, and server/features.ts has no database without an address. Set it, or put that feature back.',
  );
}
