import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '../../errors.ts';
import type { SecretTable } from '../schema.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface EncryptionKey {
  /** Stored beside what it encrypted, so that old keys can be kept for reading. */
  id: string;
  /** 32 random bytes. */
  key: Buffer;
}

/** A row, as far as it is encrypted and says how: bound to its owner and field, it decrypts nowhere else. */
export type StoredSecret = Pick<SecretTable, 'owner' | 'field' | 'key_id' | 'ciphertext'>;

export type Vault = ReturnType<typeof createVault>;

/** For whoever meets it on a page: only the operator has keys, but the owner can replace the secret. */
const HINT =
  'Whoever runs this app can put the right key into ENCRYPTION_KEYS and start it again. ' +
  'If that key is lost, connect again: what is stored then is encrypted with a key that is there.';

/** The first key encrypts and hashes; every key decrypts and recognises. */
export function createVault(keys: readonly EncryptionKey[]) {
  const [newest] = keys;
  if (!newest) throw new Error('The vault needs at least one encryption key');
  // Of their own, so that a hash says nothing about what the keys encrypt.
  const hashKeys = keys.map(({ key }) =>
    Buffer.from(hkdfSync('sha256', key, '', 'shopkeeper hashes', 32)),
  );

  return {
    newestKeyId: newest.id,

    encrypt(owner: string, field: string, secret: string): StoredSecret {
      const nonce = randomBytes(NONCE_BYTES);
      const place = placeOf({ owner, field });
      const cipher = createCipheriv(ALGORITHM, newest.key, nonce).setAAD(place);
      const data = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      const ciphertext = Buffer.concat([nonce, cipher.getAuthTag(), data]).toString('base64');
      return { owner, field, key_id: newest.id, ciphertext };
    },

    /** Keyed hashes of a text as base64url, one for each key; what is stored is the first one. */
    hash: (text: string): string[] =>
      hashKeys.map((key) => createHmac('sha256', key).update(text).digest('base64url')),

    /** @throws AppError `secret_unreadable`: the key is not configured, or the secret was changed or moved. */
    decrypt(stored: StoredSecret): string {
      const { key_id: keyId, ciphertext } = stored;
      const known = keys.find(({ id }) => id === keyId);
      if (!known) {
        const text = `A stored secret needs the encryption key "${keyId}", which ENCRYPTION_KEYS does not list.`;
        throw new AppError('secret_unreadable', text, HINT, { status: 500 });
      }
      const bytes = Buffer.from(ciphertext, 'base64');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      try {
        const options = { authTagLength: TAG_BYTES };
        const decipher = createDecipheriv(ALGORITHM, known.key, nonce, options);
        decipher.setAAD(placeOf(stored)).setAuthTag(tag);
        const data = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([data, decipher.final()]).toString('utf8');
      } catch (error) {
        const text =
          `A stored secret does not decrypt with the key "${keyId}": ` +
          'the key is not the one that encrypted it, or the secret was changed or moved.';
        throw new AppError('secret_unreadable', text, HINT, { status: 500, cause: error });
      }
    },
  };
}

/** Unambiguous whatever characters the two contain. */
function placeOf({ owner, field }: Pick<StoredSecret, 'owner' | 'field'>): Buffer {
  return Buffer.from(JSON.stringify([owner, field]));
}
