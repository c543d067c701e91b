import { z } from 'zod';

const MAX_BYTES = 4096;

/** Custom properties: a flat object of at most 4 KB. `null` clears them. */
export const metadataSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .refine((metadata) => Buffer.byteLength(JSON.stringify(metadata)) <= MAX_BYTES, {
    error: 'should not be larger than 4 KB',
  })
  .nullable();

export type Metadata = z.infer<typeof metadataSchema>;
