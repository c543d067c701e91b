import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVault } from '../../../server/store/secrets/vault.ts';

const oldKey = { id: 'old', key: randomBytes(32) };
const newKey = { id: 'new', key: randomBytes(32) };
const PLACE = ['installation:a', 'access_token'] as const;

/** Flips one bit of one byte of the decoded ciphertext. */
function tamper(ciphertext: string, index: number): string {
  const bytes = Buffer.from(ciphertext, 'base64');
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes.toString('base64');
}

describe('the vault', () => {
  it.each(['', 'token', 'Ünïcödé 🔑', 'x'.repeat(10_000)])('gives back %j', (secret) => {
    const vault = createVault([newKey]);

    expect(vault.decrypt(vault.encrypt(...PLACE, secret))).toBe(secret);
  });

  it('encrypts the same secret differently each time', () => {
    const vault = createVault([newKey]);

    expect(vault.encrypt(...PLACE, 'token')).not.toEqual(vault.encrypt(...PLACE, 'token'));
  });

  it('stores nonce, tag and data, and nothing readable', () => {
    const { key_id: keyId, ciphertext } = createVault([newKey]).encrypt(...PLACE, 'token');
    const bytes = Buffer.from(ciphertext, 'base64');

    expect(keyId).toBe('new');
    expect(bytes).toHaveLength(12 + 16 + 'token'.length);
    expect(bytes.toString('latin1')).not.toContain('token');
  });

  it('writes with the first key and still reads what an older one wrote', () => {
    const written = createVault([oldKey]).encrypt(...PLACE, 'token');
    const rotated = createVault([newKey, oldKey]);

    expect(rotated.decrypt(written)).toBe('token');
    expect(rotated.encrypt(...PLACE, 'token').key_id).toBe('new');
  });

  it('names the key it would need when that is not configured', () => {
    const written = createVault([oldKey]).encrypt(...PLACE, 'token');

    expect(() => createVault([newKey]).decrypt(written)).toThrow(
      'needs the encryption key "old", which ENCRYPTION_KEYS does not list',
    );
  });

  it('refuses a different key under the same id', () => {
    const written = createVault([oldKey]).encrypt(...PLACE, 'token');
    const impostor = createVault([{ id: 'old', key: randomBytes(32) }]);

    expect(() => impostor.decrypt(written)).toThrow('does not decrypt with the key "old"');
  });

  it.each([
    ['nonce', 0],
    ['tag', 12],
    ['data', 28],
  ])('refuses a changed %s', (_part, index) => {
    const vault = createVault([newKey]);
    const written = vault.encrypt(...PLACE, 'token');
    const changed = { ...written, ciphertext: tamper(written.ciphertext, index) };

    expect(() => vault.decrypt(changed)).toThrow('the secret was changed or moved');
  });

  it.each(['', 'AAAA', 'not base64 at all!'])('refuses %j as a ciphertext', (ciphertext) => {
    const vault = createVault([newKey]);
    const changed = { ...vault.encrypt(...PLACE, 'token'), ciphertext };

    expect(() => vault.decrypt(changed)).toThrow('does not decrypt');
  });

  it('refuses a tag cut short', () => {
    const vault = createVault([newKey]);
    const written = vault.encrypt(...PLACE, '');
    const bytes = Buffer.from(written.ciphertext, 'base64');
    const ciphertext = bytes.subarray(0, 12 + 4).toString('base64');

    expect(() => vault.decrypt({ ...written, ciphertext })).toThrow('does not decrypt');
  });

  it('refuses a ciphertext copied to another place, without telling its content', () => {
    const vault = createVault([newKey]);
    const written = vault.encrypt(...PLACE, 'token');

    const copied = () => vault.decrypt({ ...written, owner: 'installation:b' });

    expect(copied).toThrow('the secret was changed or moved');
    expect(copied).not.toThrow(/token"|ciphertext/);
    expect(copied).not.toThrow(written.ciphertext);
  });

  it('cannot be made without a key', () => {
    expect(() => createVault([])).toThrow('at least one encryption key');
  });
});
