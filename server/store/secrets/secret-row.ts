import type { Selectable } from 'kysely';
import type { SecretTable } from '../schema.ts';
import type { Vault } from './vault.ts';

export type StoredSecret = Pick<
  Selectable<SecretTable>,
  'owner' | 'field' | 'key_id' | 'ciphertext'
>;

type Place = Pick<StoredSecret, 'owner' | 'field'>;

/** What a secret's row holds of it: bound to its owner and field, it decrypts nowhere else. */
export function encryptSecret(
  vault: Vault,
  place: Place,
  value: string,
): Pick<StoredSecret, 'key_id' | 'ciphertext'> {
  const { keyId, ciphertext } = vault.encrypt(value, bindTo(place));
  return { key_id: keyId, ciphertext };
}

/** @throws AppError `secret_unreadable` */
export function decryptSecret(vault: Vault, row: StoredSecret): string {
  return vault.decrypt({ keyId: row.key_id, ciphertext: row.ciphertext }, bindTo(row));
}

/** Unambiguous whatever characters the two contain. */
function bindTo({ owner, field }: Place): string {
  return JSON.stringify([owner, field]);
}
