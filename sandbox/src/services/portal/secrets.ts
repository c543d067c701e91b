import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Enough for secrets nobody can guess; a password would need a slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function isSecretOf({ secretHash }: { secretHash: string }, secret: string): boolean {
  return timingSafeEqual(
    Buffer.from(secretHash, 'hex'),
    createHash('sha256').update(secret).digest(),
  );
}
