import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { replaceNul } from '../../text.ts';
import type { Database } from '../../store/engines/database.ts';
import type { Schema } from '../../store/schema.ts';
import { deleteInSlices, SLICE } from '../../store/slices.ts';
import { deleteTracesOfKind } from './drop.ts';
import { listRecent } from './recent.ts';
import type { TraceKind } from './schema.ts';

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
  /** What happened, as catalogue.ts names it, or the operation that was called. */
  key: z.string(),
  at: z.number(),
  /** For the blanks of the step's sentence. */
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Secrets are masked already, see redact-call.ts. */
  call: Call.nullable(),
});

/** Steps that another version of the app wrote differently are not worth a broken page. */
export const Steps = z.array(Step).catch([]);

export type Body = z.infer<typeof Body>;
export type Call = z.infer<typeof Call>;
export type Step = z.infer<typeof Step>;

const PAGE = 200;

interface NewTrace {
  installationId: string;
  eventId?: string | undefined;
  kind: TraceKind;
  title: string;
  steps: readonly Step[];
}

export interface Trace {
  id: number;
  kind: TraceKind;
  title: string;
  steps: Step[];
  at: number;
}

export type TraceStore = ReturnType<typeof createTraceStore>;

/** What was done, step by step. A trace goes with its installation, and with its event. */
export function createTraceStore({ database, now }: { database: Database; now: () => number }) {
  const { kysely, prepareBatch } = database;
  const insertRows = prepareBatch<Exclude<keyof Schema['traces'], 'id'>>({
    name: 'insert-traces',
    given: {
      installation_id: 'text',
      event_id: 'text',
      kind: 'text',
      title: 'text',
      steps: 'text',
      at: 'bigint',
    },
    text: `
      insert into traces (installation_id, event_id, kind, title, steps, at)
      select installation_id, event_id, kind, title, steps, at from given`,
  });

  async function insert(
    traces: readonly NewTrace[],
    at: number,
    transaction?: Kysely<Schema>,
  ): Promise<void> {
    const rows = traces.map(({ installationId, eventId, kind, title, steps }) => ({
      installation_id: installationId,
      event_id: eventId ?? null,
      kind,
      title: replaceNul(title).toWellFormed(),
      steps: JSON.stringify(steps),
      at,
    }));
    await insertRows(rows, transaction);
  }

  /** Newest first; `before` continues a list after the trace of that id. */
  async function list(
    installationId: string,
    { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
  ): Promise<Trace[]> {
    const rows = await kysely
      .selectFrom('traces')
      .select(['id', 'kind', 'title', 'steps', 'at'])
      .where('installation_id', '=', installationId)
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(readTrace);
  }

  return {
    insert,
    add: (trace: NewTrace) => insert([trace], now()),
    list,
    listRecent: (installationId: string) => listRecent(kysely, installationId),

    /** Newest first; of an event how it was handled. */
    async find(installationId: string, which: { ids: readonly number[] } | { eventId: string }) {
      const traces = kysely
        .selectFrom('traces')
        .select(['id', 'kind', 'title', 'steps', 'at'])
        .where('installation_id', '=', installationId)
        .orderBy('id', 'desc');
      if ('ids' in which && which.ids.length === 0) return [];
      const found =
        'ids' in which
          ? traces.where('id', 'in', [...which.ids])
          : traces.where('event_id', '=', which.eventId).where('kind', '=', 'event');
      return (await found.execute()).map(readTrace);
    },

    /** Whether what was done for an event may be kept: as long as what it says is. */
    async mayKeep(installationId: string, eventId: string): Promise<boolean> {
      const saying = kysely.selectFrom('events').select('seq').where('payload', 'is not', null);
      const event = saying
        .where('installation_id', '=', installationId)
        .where('event_id', '=', eventId);
      return (await event.executeTakeFirst()) !== undefined;
    },

    async *listAll(installationId: string): AsyncGenerator<Trace> {
      let page = await list(installationId, { limit: PAGE });
      while (page.length > 0) {
        yield* page;
        page = await list(installationId, { before: page.at(-1)?.id, limit: PAGE });
      }
    },

    async deleteOlderThan(ageMs: number): Promise<void> {
      await deleteInSlices(kysely, 'traces', ['id'], sql`at < ${now() - ageMs}`);
    },

    deleteOfKind: (installationId: string, kind: TraceKind) =>
      deleteTracesOfKind(kysely, installationId, kind),

    /** Of each installation. */
    async deleteAllButNewest(kept: number): Promise<void> {
      const installations = await kysely.selectFrom('installations').select('id').execute();
      for (const { id } of installations) {
        // SQLite answers without leaving this turn of the event loop, and deliveries must not wait.
        do await new Promise(setImmediate);
        while (await deleteBatchBehind(id, kept));
      }
    },
  };

  /** False when nothing is left to delete. */
  async function deleteBatchBehind(installationId: string, kept: number): Promise<boolean> {
    const { numDeletedRows } = await kysely
      .deleteFrom('traces')
      .where('id', 'in', (query) =>
        query
          .selectFrom('traces as old')
          .select('old.id')
          .where('old.installation_id', '=', installationId)
          .orderBy('old.id', 'desc')
          .limit(SLICE)
          .offset(kept),
      )
      .executeTakeFirst();
    return numDeletedRows === BigInt(SLICE);
  }
}

function readTrace({ steps, ...row }: Omit<Trace, 'steps'> & { steps: string }): Trace {
  return { ...row, steps: Steps.parse(JSON.parse(steps)) };
}
