import { randomUUID } from 'node:crypto';
import type { CommandDatabase } from '../../../server/commands/engine-commands.ts';
import { installationOwner } from '../../../server/store/secrets/secrets.ts';
import { createVault, type EncryptionKey } from '../../../server/store/secrets/vault.ts';

/** Accounts with a token each, encrypted with the key; nothing works with them by itself. */
export async function seedSecrets(
  { kysely }: Pick<CommandDatabase, 'kysely'>,
  { count, key }: { count: number; key: EncryptionKey },
): Promise<string[]> {
  const vault = createVault([key]);
  const ids = Array.from({ length: count }, () => randomUUID());
  // What was revoked long ago would be deleted.
  const at = { created_at: 1, updated_at: 1, status_at: Date.now() };
  for (let start = 0; start < count; start += 500) {
    const some = ids.slice(start, start + 500);
    const accounts = some.map((id) => {
      return { id, display_name: `Account ${id}`, status: 'revoked' as const, ...at };
    });
    const secrets = some.map((id) => {
      const secret = vault.encrypt(installationOwner(id), 'access_token', `token of ${id}`);
      return { ...secret, installation_id: id, updated_at: 1 };
    });
    await kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('installations').values(accounts).execute();
      await transaction.insertInto('secrets').values(secrets).execute();
    });
  }
  return ids;
}
