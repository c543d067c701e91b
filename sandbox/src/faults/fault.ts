import { z } from 'zod';

const times = z.coerce.number().int().min(1).max(10_000).default(1);
const status = z.coerce.number().int().min(400).max(599);
const anyStatus = z.coerce.number().int().min(200).max(599);

/**
 * What can go wrong on purpose. Each fault strikes `times` times, then disarms itself.
 * @param operations the API calls that a fault can name.
 */
export function createFaultSchema(operations: readonly string[]) {
  const operation = z.enum([...operations, 'any']).default('any');
  return z.discriminatedUnion('kind', [
    /** The call is refused with `status` and has no effect. */
    z.object({
      kind: z.literal('answer'),
      operation,
      times,
      status,
      /** Seconds. */
      retryAfter: z.coerce.number().int().min(0).max(86_400).optional(),
    }),
    /** The call is never answered and has no effect. */
    z.object({ kind: z.literal('hang'), operation, times }),
    /** The call takes effect, then the connection is dropped instead of an answer. */
    z.object({ kind: z.literal('dropAnswer'), operation, times }),
    /** The call is answered by an HTML page, as a proxy in front of the API would; with 200 by a sign-in page. */
    z.object({ kind: z.literal('html'), operation, times, status: anyStatus.default(502) }),
    /** The call is answered by the JSON of a proxy, which is not in the service's form. */
    z.object({ kind: z.literal('proxyJson'), operation, times, status: anyStatus.default(403) }),
    /** The call is sent to a sign-in page elsewhere. */
    z.object({ kind: z.literal('redirect'), operation, times }),
    /** GetToken words its refusals as RFC 6749 does: `{error, error_description}`. */
    z.object({ kind: z.literal('oauthErrors'), times }),
    /** The next delivery is sent twice. */
    z.object({ kind: z.literal('duplicateDelivery'), times }),
    /** The next event waits for the one after it, and both come in one delivery. */
    z.object({ kind: z.literal('batchDeliveries'), times }),
    /** The next delivery waits until the one after it was sent. */
    z.object({ kind: z.literal('reorderDeliveries'), times }),
    /** The next message of the business reaches no channel. */
    z.object({ kind: z.literal('failChannelDelivery'), times }),
    /** The next link of a channel finds nobody there. */
    z.object({ kind: z.literal('failLink'), times }),
    /** The next remove callback is not sent. */
    z.object({ kind: z.literal('loseRemoveCallback'), times }),
  ]);
}

type FaultSchema = ReturnType<typeof createFaultSchema>;
export type Fault = z.infer<FaultSchema>;
export type FaultInput = z.input<FaultSchema>;
