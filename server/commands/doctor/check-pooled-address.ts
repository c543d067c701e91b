import type { Config } from '../../config/load-config.ts';
import { sql } from 'kysely';
import { connectPostgres } from '../../store/engines/postgres.ts';
import { findPostgresPlaces, type PostgresPlace } from '../../store/engines/postgres-url.ts';
import { POSTGRES_SILENT_MS } from '../open-beside-app.ts';
import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'pooled address';

/** With two addresses of one database: that statements arrive where the migrations ran. */
export async function checkPooledAddress({
  databaseUrl = '',
  databaseDirectUrl,
}: Pick<Config, 'databaseUrl' | 'databaseDirectUrl'>): Promise<Finding> {
  const { pooled, direct } = findPostgresPlaces({ databaseUrl, databaseDirectUrl });
  if ((await identifyDatabase(pooled)) === (await identifyDatabase(direct)))
    return ok(CHECK, 'DATABASE_URL and DATABASE_DIRECT_URL lead to the same database.');
  return problem(
    CHECK,
    'DATABASE_URL and DATABASE_DIRECT_URL lead to different databases or schemas.',
    'Give both the same host behind the pooler, the same database and a role with the same search_path.',
  );
}

/** Which database of which server it is, and its schema, in words that are the same for each way there. */
async function identifyDatabase(place: PostgresPlace): Promise<string> {
  const settings = { max: 1, silentMs: POSTGRES_SILENT_MS, access: 'read' } as const;
  const { kysely } = connectPostgres(place, settings);
  try {
    const { rows } = await sql<{ name: string }>`
      select concat_ws('/', pg_postmaster_start_time(), current_database(), current_schema()) as name
    `.execute(kysely);
    return rows[0]?.name ?? '';
  } finally {
    await kysely.destroy();
  }
}
