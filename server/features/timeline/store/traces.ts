import type { Kysely } from 'kysely';
import { replaceNul } from '../../../text.ts';
import type { Database } from '../../../store/engines/database.ts';
import type { Schema } from '../../../store/schema.ts';
import { Steps, type Step, type TraceKind } from './trace-schema.ts';

/** Small, so that no delivery waits long for its turn. */
const BATCH = 500;

export interface NewTrace {
  installationId: string;
  eventId?: string;
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
export function createTraceStore({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  return {
    add: (trace: NewTrace) => insertTraces(kysely, [trace], now()),

    /** Newest first; `before` continues a list after the trace of that id. */
    async list(
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
      return rows.map(({ steps, ...row }) => ({ ...row, steps: Steps.parse(JSON.parse(steps)) }));
    },

    async deleteOlderThan(ageMs: number): Promise<void> {
      await kysely
        .deleteFrom('traces')
        .where('at', '<', now() - ageMs)
        .execute();
    },

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
          .limit(BATCH)
          .offset(kept),
      )
      .executeTakeFirst();
    return numDeletedRows === BigInt(BATCH);
  }
}

export async function insertTraces(
  kysely: Kysely<Schema>,
  traces: readonly NewTrace[],
  at: number,
): Promise<void> {
  const rows = traces.map(({ installationId, eventId, kind, title, steps }) => ({
    installation_id: installationId,
    event_id: eventId ?? null,
    kind,
    title: replaceNul(title).toWellFormed(),
    steps: JSON.stringify(steps),
    at,
  }));
  await kysely.insertInto('traces').values(rows).execute();
}

/** All that explains one event. */
export async function deleteTraces(
  kysely: Kysely<Schema>,
  event: { installation_id: string; event_id: string },
): Promise<void> {
  await kysely
    .deleteFrom('traces')
    .where('installation_id', '=', event.installation_id)
    .where('event_id', '=', event.event_id)
    .execute();
}
