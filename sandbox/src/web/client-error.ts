import { z } from 'zod';

/** Express and its parsers throw errors with a `status`; what carries none is our own mistake. */
const schema = z.object({ status: z.int().min(400).max(499) });

/** The status of a request whose address or body cannot be read; undefined: it is not the client's fault. */
export function clientErrorOf(error: unknown): number | undefined {
  return schema.safeParse(error).data?.status;
}
