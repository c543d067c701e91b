import { sql } from 'kysely';
import type { CommandDatabase, EngineCommands } from '../../commands/engine-commands.ts';
import { checkDatabaseClock } from '../../commands/doctor/check-clock.ts';
import { type Finding, ok, problem } from '../../commands/doctor/finding.ts';
import { OperatorError } from '../../errors.ts';
import type { DatabasePlace } from '../../store/engines/database.ts';
import { dialect, refuseUnfit } from './dialect.ts';
import { connectDirectly, connectPostgres, workDirectly } from './open.ts';
import { PRESENCE_LOCK } from './signals.ts';
import { findPostgresPlaces, type PostgresPlace } from './url.ts';

const POOLED = 'pooled address';
const SILENT_MS = 60_000;
const OWN_TOOL = 'The data is in PostgreSQL, which has its own tool for this';

export const commands: EngineCommands = {
  name: 'PostgreSQL',
  isThere: () => true,
  openBesideApp,
  async openWithoutApp(place) {
    const database = await openBesideApp(place, 'write');
    if (!(await isAppRunning(database))) return database;
    await database.close();
    throw new OperatorError(
      'The app is connected to the database. Stop every instance, put the backup back, and then run this.',
    );
  },
  copies: {
    describeBackUp: (place) =>
      `${OWN_TOOL}:\n  pg_dump --format=custom --file=shopkeeper.dump ${addressIn(place)}`,
    describeRestore: (place, file) =>
      `${OWN_TOOL}. Afterwards run this command without a file:\n` +
      `  pg_restore --clean --if-exists --no-owner --dbname=${addressIn(place)} "${file}"\n` +
      '  npm run restore',
  },
  checks: (database, place, now) => [
    ...(place.databaseDirectUrl === undefined
      ? []
      : [{ check: POOLED, run: () => checkPooledAddress(place) }]),
    { check: 'clock', run: () => checkDatabaseClock(database, now) },
  ],
};

/**
 * For a shell, which stops where it has no such variable: what is in .env alone it does not know, and with an
 * empty address the tool would take whatever database it finds by itself.
 */
const addressIn = (place: DatabasePlace): string =>
  `"\${${findPostgresPlaces(place).direct.variable}:?}"`;

async function openBesideApp(
  given: DatabasePlace,
  access: 'read' | 'write',
): Promise<CommandDatabase> {
  const { direct } = findPostgresPlaces(given);
  const kysely = await connectDirectly(direct, { max: 1, silentMs: SILENT_MS, access });
  await refuseUnfit(kysely, access).catch(async (error: unknown) => {
    await kysely.destroy();
    throw error;
  });
  return {
    dialect,
    kysely,
    direct: (work) => workDirectly(direct, work),
    close: () => kysely.destroy(),
  };
}

/** Whether an instance of the app listens there, by whatever name it is connected. */
async function isAppRunning({ direct }: CommandDatabase): Promise<boolean> {
  const { rows } = await direct((connection) =>
    sql<{ free: boolean }>`select pg_try_advisory_lock(${sql.raw(PRESENCE_LOCK)}) as free`.execute(
      connection,
    ),
  );
  return rows[0]?.free !== true;
}

/** With two addresses of one database: that statements arrive where the migrations ran. */
async function checkPooledAddress(place: DatabasePlace): Promise<Finding> {
  const { pooled, direct } = findPostgresPlaces(place);
  if ((await identifyDatabase(pooled)) === (await identifyDatabase(direct)))
    return ok(POOLED, 'DATABASE_URL and DATABASE_DIRECT_URL lead to the same database.');
  return problem(
    POOLED,
    'DATABASE_URL and DATABASE_DIRECT_URL lead to different databases or schemas.',
    'Give both the same host behind the pooler, the same database and a role with the same search_path.',
  );
}

/** Which database of which server it is, and its schema, in words that are the same for each way there. */
async function identifyDatabase(place: PostgresPlace): Promise<string> {
  const settings = { max: 1, silentMs: SILENT_MS, access: 'read' } as const;
  const kysely = connectPostgres(place, settings);
  try {
    const { rows } = await sql<{ name: string }>`
      select concat_ws('/', pg_postmaster_start_time(), current_database(), current_schema()) as name
    `.execute(kysely);
    return rows[0]?.name ?? '';
  } finally {
    await kysely.destroy();
  }
}
