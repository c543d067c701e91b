import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** An id as the platform writes them: 24 hexadecimal characters. */
export function newId(): string {
  return randomBytes(12).toString('hex');
}

/** The same 24 hexadecimal characters for the same seed, so that predefined accounts keep their ids. */
export function stableId(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 24);
}

/** Whether a browser may be sent there: what is not http(s) could be a script. */
export function isWebAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}

/** An address that somebody else gave and that pages here link to, or show the picture of. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: 'should be an http or https URL' })
  .max(2048);

/** Of people, bots and conversations. */
export const displayName = z.string().min(1).max(100);

const MAX_BYTES = 4096;

/** Custom properties: a flat object of at most 4 KB. `null` clears them. */
export const metadataSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .refine((metadata) => Buffer.byteLength(JSON.stringify(metadata)) <= MAX_BYTES, {
    error: 'should not be larger than 4 KB',
  })
  .nullable();

export type Metadata = z.infer<typeof metadataSchema>;
