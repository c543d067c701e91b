import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

interface OwnerRow {
  owner: string;
  account: string | null;
  installation_id: string | null;
  connection_name: string | null;
  client_name: string | null;
}

/** Whose a secret is, as its operator knows them: every owner with its name, `limit` at most. */
export async function nameSecretOwners(
  kysely: Kysely<Schema>,
  which: { keyId: string; limit: number } | { owners: readonly string[] },
): Promise<Map<string, string>> {
  const condition =
    'keyId' in which
      ? sql`secrets.key_id = ${which.keyId}`
      : sql`secrets.owner in (${sql.join(which.owners)})`;
  const limit = 'limit' in which ? sql`limit ${sql.lit(which.limit)}` : sql``;
  const { rows } = await sql<OwnerRow>`
    select distinct secrets.owner, installations.display_name as account,
      installations.id as installation_id, connections.name as connection_name,
      oauth_clients.name as client_name
    from secrets
    left join connections on connections.id = secrets.connection_id
    left join oauth_clients on oauth_clients.id = secrets.oauth_client_id
    left join installations on installations.id = coalesce(
      secrets.installation_id, connections.installation_id, oauth_clients.installation_id)
    where ${condition}
    order by secrets.owner
    ${limit}`.execute(kysely);
  return new Map(rows.map((row) => [row.owner, describe(row)]));
}

function describe(row: OwnerRow): string {
  if (row.installation_id === null) return row.owner;
  const account = `the account “${row.account}” (installation ${row.installation_id})`;
  if (row.connection_name !== null) return `the connection “${row.connection_name}” of ${account}`;
  if (row.client_name !== null) return `the OAuth client “${row.client_name}” of ${account}`;
  return account;
}
