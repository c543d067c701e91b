import type { Generated } from 'kysely';
import { z } from 'zod';

const Body = z.object({
  text: z.string(),
  /** Whether it went on. */
  cut: z.boolean(),
});

const Call = z.object({
  method: z.string(),
  url: z.string(),
  requestHeaders: z.record(z.string(), z.string()),
  requestBody: Body.nullable(),
  /** Null when no answer came. */
  status: z.number().nullable(),
  /** Null when it is not known. */
  durationMs: z.number().nullable(),
  responseHeaders: z.record(z.string(), z.string()),
  responseBody: Body.nullable(),
});

const Step = z.object({
  /** What happened, as features/timeline/catalogue.ts names it, or the operation that was called. */
  key: z.string(),
  at: z.number(),
  /** For the blanks of the step's sentence. */
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Secrets are masked already, see features/timeline/redact-call.ts. */
  call: Call.nullable(),
});

/** Steps that another version of the app wrote differently are not worth a broken page. */
export const Steps = z.array(Step).catch([]);

export type Body = z.infer<typeof Body>;
export type Call = z.infer<typeof Call>;
export type Step = z.infer<typeof Step>;

export type TraceKind = 'install' | 'event' | 'form' | 'webhook';

export interface TraceTable {
  id: Generated<number>;
  installation_id: string;
  /** Of the event it is about. */
  event_id: string | null;
  kind: TraceKind;
  title: string;
  /** JSON: `Step[]`. */
  steps: string;
  at: number;
}
