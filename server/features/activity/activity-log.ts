import { sql, type Insertable, type Kysely } from 'kysely';
import { replaceNul } from '../../text.ts';
import type { Database, StoreDeps } from '../../store/engines/database.ts';
import type { Schema } from '../../store/schema.ts';
import { deleteInSlices } from '../../store/slices.ts';
import type { ActivityLine, ActivityTable } from './schema.ts';

export const KEPT_DAYS = 30;
const KEPT_MS = KEPT_DAYS * 24 * 60 * 60_000;
/** Read, or named in a statement, in one go. */
const AT_ONCE = 500;

export type ActivityLog = ReturnType<typeof createActivityLog>;

/** What happened to an installation, in words; never with a secret in them. */
export function createActivityLog({ database: { kysely, signals }, now }: StoreDeps) {
  const linesOf = (installationId: string) =>
    kysely.selectFrom('activity').selectAll().where('installation_id', '=', installationId);

  /** Oldest first. */
  const listAfter = (installationId: string, id: number, limit: number): Promise<ActivityLine[]> =>
    linesOf(installationId).where('id', '>', id).orderBy('id').limit(limit).execute();

  /** Tells whoever watches this installation, in any instance, that there are new lines. */
  const announce = (installationId: string): void => signals.publish('activity', installationId);

  return {
    announce,
    listAfter,

    async add(installationId: string, kind: string, text: string): Promise<void> {
      await insertActivity(kysely, { installation_id: installationId, kind, text, at: now() });
      announce(installationId);
    },

    /** Oldest first, a page at a time. */
    async *listAll(installationId: string): AsyncGenerator<ActivityLine> {
      for (let last = 0; ;) {
        const page = await listAfter(installationId, last, AT_ONCE);
        yield* page;
        const end = page.at(-1);
        if (end === undefined) return;
        last = end.id;
      }
    },

    /** Newest first. */
    latest: (installationId: string, limit: number): Promise<ActivityLine[]> =>
      linesOf(installationId).orderBy('id', 'desc').limit(limit).execute(),

    /** Calls the listener when there may be new lines. Returns the function that ends it. */
    subscribe: (installationId: string, listener: () => void): (() => void) =>
      signals.subscribe('activity', (changed) => {
        if (changed === installationId) listener();
      }),

    async deleteOld(): Promise<void> {
      const time = now() - KEPT_MS;
      await deleteInSlices(kysely, 'activity', ['id'], sql`at < ${time}`);
    },
  };
}

export async function insertActivity(
  kysely: Kysely<Schema>,
  line: Insertable<ActivityTable>,
): Promise<void> {
  const row = { ...line, text: replaceNul(line.text) };
  await kysely.insertInto('activity').values(row).execute();
}

/** For lines of many events at once. */
export function prepareActivity({ prepareBatch }: Pick<Database, 'prepareBatch'>) {
  const insert = prepareBatch<Exclude<keyof ActivityTable, 'id'>>({
    name: 'insert-activity',
    given: {
      installation_id: 'text',
      conversation_key: 'text',
      kind: 'text',
      text: 'text',
      at: 'bigint',
    },
    text: `
      insert into activity (installation_id, conversation_key, kind, text, at)
      select installation_id, conversation_key, kind, text, at from given`,
  });
  return async (lines: readonly Insertable<ActivityTable>[], transaction: Kysely<Schema>) => {
    const rows = lines.map((line) => ({ ...line, text: replaceNul(line.text) }));
    if (rows.length > 0) await insert(rows, transaction);
  };
}

/** By the keys of the conversations that the lines are about. */
export async function deleteActivity(
  kysely: Kysely<Schema>,
  keys: readonly string[],
): Promise<void> {
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const some = keys.slice(start, start + AT_ONCE);
    await kysely.deleteFrom('activity').where('conversation_key', 'in', some).execute();
  }
}

export async function moveActivity(
  kysely: Kysely<Schema>,
  fromKey: string,
  toKey: string,
): Promise<void> {
  const lines = kysely.updateTable('activity').set({ conversation_key: toKey });
  await lines.where('conversation_key', '=', fromKey).execute();
}
