import { createHash, randomBytes } from 'node:crypto';

/** An id as the platform writes them: 24 hexadecimal characters. */
export function newId(): string {
  return randomBytes(12).toString('hex');
}

/** The same 24 hexadecimal characters for the same seed, so that predefined accounts keep their ids. */
export function stableId(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 24);
}
