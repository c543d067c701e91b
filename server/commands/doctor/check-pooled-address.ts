import type { Config } from '../../config/load-config.ts';
import { findPostgresPlaces, identifyDatabase } from '../../store/engines/postgres.ts';
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
