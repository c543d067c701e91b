import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../store/schema.ts';
import type { SecretOwnerKind } from '../../store/secrets/secrets.ts';

interface OwnerRow {
  owner: string;
  name: string | null;
  account: string | null;
  installation_id: string | null;
}

/** Whose a secret is, as its operator knows them: every owner with its name, `limit` at most. */
export async function nameSecretOwners(
  kysely: Kysely<Schema>,
  kinds: readonly SecretOwnerKind[],
  which: { keyId: string; limit: number } | { owners: readonly string[] },
): Promise<Map<string, string>> {
  const condition =
    'keyId' in which
      ? sql`secrets.key_id = ${which.keyId}`
      : sql`secrets.owner in (${sql.join(which.owners)})`;
  const limit = 'limit' in which ? sql`limit ${sql.lit(which.limit)}` : sql``;
  const joins = kinds.map(
    ({ kind, table }) =>
      sql`left join ${sql.table(table)} on ${sql.ref(`${table}.id`)} = ${sql.ref(`secrets.${kind}_id`)}`,
  );
  const ofKinds = (column: string) => kinds.map(({ table }) => sql.ref(`${table}.${column}`));
  const { rows } = await sql<OwnerRow>`
    select distinct secrets.owner, installations.display_name as account,
      installations.id as installation_id, coalesce(${sql.join([...ofKinds('name'), sql`null`, sql`null`])}) as name
    from secrets
    ${sql.join(joins, sql` `)}
    left join installations on installations.id =
      coalesce(secrets.installation_id, ${sql.join([...ofKinds('installation_id'), sql`null`])})
    where ${condition}
    order by secrets.owner
    ${limit}`.execute(kysely);
  return new Map(rows.map((row) => [row.owner, describe(row, kinds)]));
}

function describe(row: OwnerRow, kinds: readonly SecretOwnerKind[]): string {
  if (row.installation_id === null) return row.owner;
  const account = `the account “${row.account}” (installation ${row.installation_id})`;
  const noun = kinds.find(({ kind }) => row.owner.startsWith(`${kind}:`))?.noun;
  return noun === undefined ? account : `${noun} “${row.name}” of ${account}`;
}
