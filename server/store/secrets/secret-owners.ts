import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** A kind of rows, of a feature, that have secrets. */
export interface SecretOwnerKind {
  /** Their owner is `{kind}:{id}`, and the table of secrets refers to them in a column `{kind}_id`. */
  kind: string;
  /** It has columns `id`, `name` and `installation_id`. */
  table: string;
  /** What the operator knows them as, for example `the connection`. */
  noun: string;
}

/** What a feature says of its owners. */
export interface HasSecretOwners {
  secretOwners?: readonly SecretOwnerKind[];
}

/** The row that must exist for a secret of this owner to exist: the database deletes both or neither. */
export function referToOwner(
  owner: string,
  kinds: readonly SecretOwnerKind[],
): Record<string, string> {
  const kind = owner.slice(0, owner.indexOf(':'));
  const isKnown = kind === 'installation' || kinds.some((one) => one.kind === kind);
  return isKnown ? { [`${kind}_id`]: owner.slice(kind.length + 1) } : {};
}

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
