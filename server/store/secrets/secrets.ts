import type { Database } from '../engines/database.ts';
import type { StoredSecret, Vault } from './vault.ts';

/** Fields of an installation: Zendesk's access token, and the secrets that its webhook delivers with. */
export const ACCESS_TOKEN = 'access_token';
export const WEBHOOK_SECRET = 'webhook_secret';
export const PREVIOUS_WEBHOOK_SECRET = 'previous_webhook_secret';

/** Under this owner an installation, which must exist, keeps its secrets; they go when it goes. */
export function installationOwner(installationId: string): string {
  return `installation:${installationId}`;
}

/** A kind of rows, of a feature, that have secrets. */
export interface SecretOwnerKind {
  /** Their owner is `{kind}:{id}`, and the table of secrets refers to them in a column `{kind}_id`. */
  kind: string;
  /** It has columns `id`, `name` and `installation_id`. */
  table: string;
  /** What the operator knows them as, for example `the connection`. */
  noun: string;
}

/** Text goes in and comes out; in the database it is encrypted and bound to its owner and field. */
export function createSecretStore({
  database: { kysely },
  vault,
  now,
}: {
  database: Pick<Database, 'kysely'>;
  vault: Vault;
  now: () => number;
}) {
  function decryptIfPossible(row: StoredSecret): string | undefined {
    try {
      return vault.decrypt(row);
    } catch {
      return undefined;
    }
  }

  async function put(owner: string, field: string, value: string, on = kysely): Promise<void> {
    const encrypted = vault.encrypt(owner, field, value);
    const row = { ...encrypted, ...referToOwner(owner), updated_at: now() };
    await on
      .insertInto('secrets')
      .values(row)
      .onConflict((conflict) => conflict.columns(['owner', 'field']).doUpdateSet(row))
      .execute();
  }

  const secretsOf = (owner: string) =>
    kysely.selectFrom('secrets').selectAll().where('owner', '=', owner);

  return {
    put,

    async get(owner: string, field: string): Promise<string | undefined> {
      const row = await secretsOf(owner).where('field', '=', field).executeTakeFirst();
      return row && vault.decrypt(row);
    },

    /** Leaves out what cannot be decrypted; `get` says why. */
    async getAll(owner: string): Promise<Record<string, string>> {
      const rows = await secretsOf(owner).execute();
      const values = rows.map((row) => [row.field, decryptIfPossible(row)]);
      return Object.fromEntries(values.filter(([, value]) => value !== undefined));
    },

    /** What the target has under the same fields is overwritten, its other fields are kept. */
    async move(fromOwner: string, toOwner: string): Promise<void> {
      await kysely.transaction().execute(async (transaction) => {
        const rows = await transaction
          .deleteFrom('secrets')
          .where('owner', '=', fromOwner)
          .returningAll()
          .execute();
        for (const row of rows) await put(toOwner, row.field, vault.decrypt(row), transaction);
      });
    },

    /** Of every owner; counted from when it was put there. */
    async removeOlderThan(field: string, ageMs: number): Promise<void> {
      const secrets = kysely.deleteFrom('secrets').where('field', '=', field);
      await secrets.where('updated_at', '<', now() - ageMs).execute();
    },

    async remove(owner: string, field: string): Promise<void> {
      const secrets = kysely.deleteFrom('secrets').where('owner', '=', owner);
      await secrets.where('field', '=', field).execute();
    },
  };
}

/** The row that must exist for a secret of this owner to exist: it takes the secret along when it goes. */
function referToOwner(owner: string): Record<string, string> {
  const kind = owner.slice(0, owner.indexOf(':'));
  return { [`${kind}_id`]: owner.slice(kind.length + 1) };
}
