import type { Kysely } from 'kysely';
import type { Observe } from '../../observe.ts';
import type { Schema } from '../schema.ts';

const BATCH = 500;
const NOTE = 'Zendesk no longer accepts our token, so this was not answered.';

/**
 * Deletes what customers of an installation wrote, wherever it stands, and keeps the rest of it. What waits
 * for an answer is given up: without access nobody can answer it.
 */
export async function dropWords(
  kysely: Kysely<Schema>,
  installationId: string,
  at: number,
  observe: Pick<Observe, 'dropWords'>,
): Promise<void> {
  await observe.dropWords(kysely, installationId);
  let after = '';
  for (;;) {
    const page = await kysely
      .selectFrom('events')
      .select(['seq', 'event_id'])
      .where('installation_id', '=', installationId)
      .where('event_id', '>', after)
      .orderBy('event_id')
      .limit(BATCH)
      .execute();
    const last = page.at(-1);
    if (last === undefined) return;
    const seqs = page.map(({ seq }) => seq);
    const withWords = kysely.updateTable('events').where('seq', 'in', seqs);
    await withWords
      .set({ payload: null, state: 'failed', note: NOTE, settled_at: at })
      .where('payload', 'is not', null)
      .where('state', '=', 'waiting')
      .where('type', 'not in', ['user:remove', 'user:merge', 'conversation:remove'])
      .execute();
    await withWords
      .set({ payload: null })
      .where('payload', 'is not', null)
      .where('state', 'in', ['done', 'ignored', 'failed'])
      .execute();
    after = last.event_id;
    // SQLite answers without leaving this turn of the event loop, and deliveries must not wait.
    await new Promise(setImmediate);
  }
}
