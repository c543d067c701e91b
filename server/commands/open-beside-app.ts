import { OperatorError } from '../errors.ts';
import { features } from '../features.ts';
import type { Database, DatabasePlace } from '../store/engines/database.ts';
import { chooseEngine } from '../store/engines/engine.ts';
import { listMigrations } from '../store/migrate.ts';
import { listKeyIds } from './doctor/key-use.ts';
import type { CommandDatabase, EngineCommands } from './engine-commands.ts';

/** @throws OperatorError when the feature that has the database was deleted. */
export async function commandsOf(place: DatabasePlace): Promise<EngineCommands> {
  return chooseEngine(features, place).commands();
}

/** The database, while the app may be running: see EngineCommands. */
export async function openBesideApp(
  place: DatabasePlace,
  access: 'read' | 'write',
): Promise<CommandDatabase> {
  const commands = await commandsOf(place);
  return commands.openBesideApp(place, access);
}

/** @throws OperatorError when no app has started with the database yet. */
export async function requireTables(database: CommandDatabase): Promise<void> {
  if ((await listMigrations(database)).length > 0) return;
  throw new OperatorError(
    'The database is empty: no app was started with it yet. If yours is elsewhere, set DATA_DIR or DATABASE_URL as the app has it.',
  );
}

async function countInstallations({ kysely }: Pick<Database, 'kysely'>): Promise<number> {
  const { count } = await kysely
    .selectFrom('installations')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** What no attempt has settled yet, of all accounts. */
async function countUnsettled({ kysely }: Pick<Database, 'kysely'>): Promise<number> {
  const { count } = await kysely
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('state', 'in', ['waiting', 'working'])
    .executeTakeFirstOrThrow();
  return count;
}

/** What a database holds, in some sentences for whoever backs it up or puts it back. */
export async function describeContent(database: Pick<Database, 'kysely'>): Promise<string> {
  const [accounts, waiting, keys] = await Promise.all([
    countInstallations(database),
    countUnsettled(database),
    listKeyIds(database),
  ]);
  const ids = keys.map(({ keyId }) => keyId).join(', ');
  return (
    `Accounts: ${accounts}. Events that wait for an answer: ${waiting}. ` +
    (ids === '' ? 'It holds no secrets.' : `Its secrets need these encryption keys: ${ids}.`)
  );
}
