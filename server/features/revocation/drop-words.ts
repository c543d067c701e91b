import type { Core } from '../../core.ts';
import { tellOfDroppedWords } from '../gone.ts';
import { pageSeqsOf } from '../shared/account-events.ts';

/** After our access ended: an attempt has half a minute, and what it leaves is looked for at each start and hour. */
const LATE_MS = 24 * 60 * 60_000;
const NO_ACCESS = 'Zendesk no longer accepts our token, so this was not answered.';

/**
 * Deletes what customers of an installation wrote, wherever it stands, and keeps the rest of it: what they
 * wrote does not outlive our access. What waits for an answer is given up: without access nobody can.
 */
export async function dropWords(
  core: Pick<Core, 'database' | 'eventTypes' | 'parts' | 'now'>,
  installationId: string,
): Promise<void> {
  const { database, eventTypes, now } = core;
  const { kysely, forgetDeleted } = database;
  const jobs = Object.keys(eventTypes).filter((type) => 'run' in (eventTypes[type] ?? {}));
  await tellOfDroppedWords(core, kysely, installationId);
  for await (const seqs of pageSeqsOf(kysely, installationId)) {
    const withWords = kysely
      .updateTable('events')
      .where('seq', 'in', seqs)
      .where('payload', 'is not', null);
    await withWords
      .set({ payload: null, state: 'failed', note: NO_ACCESS, settled_at: now() })
      .where('state', '=', 'waiting')
      .$if(jobs.length > 0, (query) => query.where('type', 'not in', jobs))
      .execute();
    await withWords
      .set({ payload: null })
      .where('state', 'in', ['done', 'ignored', 'failed'])
      .execute();
    await new Promise(setImmediate);
  }
  await forgetDeleted();
}

/** What an attempt leaves behind all the same that was under way when our access ended. */
export async function dropLateWords(core: Core): Promise<void> {
  for (const { id, status, status_at: since } of await core.installations.listUnfinished())
    if (status === 'revoked' && core.now() - since < LATE_MS) await dropWords(core, id);
}
