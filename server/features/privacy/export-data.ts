import type { Core } from '../../core.ts';
import { redactPayload } from '../shared/secret-names.ts';
import { pageSeqsOf } from '../shared/account-events.ts';
import { pageConversationsOf } from '../shared/page-conversations.ts';
import type { Conversation, Installation, StoredEvent } from '../../store/schema.ts';

/**
 * Everything stored of an installation as one JSON document, a piece at a time, so that its size does
 * not matter. Secrets are in a table of their own and are not read; nothing named like one in a payload
 * gets through. Left out as well: which browsers own it, and who holds a lease.
 */
export async function* exportData(
  core: Core,
  installation: Installation,
  exportedAt: number,
): AsyncGenerator<string> {
  const { id, webhook_id: webhookId, webhook_target: webhookTarget, ...facts } = installation;
  const { parts } = core;

  yield `{"exportedAt":${exportedAt},"installation":${JSON.stringify({ id, ...facts })}`;
  yield `,"webhook":${JSON.stringify({ id: webhookId, target: webhookTarget })}`;
  yield ',"conversations":';
  yield* writeList<Conversation>(pageConversationsOf(core.database.kysely, id), (conversation) =>
    JSON.stringify(conversation),
  );
  for (const { exportData: exportPart } of parts) {
    for (const [name, rows] of Object.entries(exportPart?.(id) ?? {})) {
      yield `,"${name}":[`;
      let separator = '';
      for await (const row of rows) {
        yield separator + JSON.stringify(row);
        separator = ',';
      }
      yield ']';
    }
  }
  yield ',"events":';
  yield* writeList<StoredEvent>(
    pageEvents(core, id),
    ({ payload, lease_owner: _owner, lease_until: _until, ...event }) => {
      const sent = payload === null ? 'null' : redactPayload(payload);
      return `${JSON.stringify(event).slice(0, -1)},"payload":${sent}}`;
    },
  );
  yield '}\n';
}

/** Each event once, also one that is settled, or begun again, while they are read. */
async function* pageEvents(
  { database: { kysely } }: Pick<Core, 'database'>,
  installationId: string,
): AsyncGenerator<StoredEvent[]> {
  const mayComeAgain = new Set<number>();
  for await (const seqs of pageSeqsOf(kysely, installationId)) {
    const others = seqs.filter((seq) => !mayComeAgain.has(seq));
    if (others.length === 0) continue;
    const events = kysely.selectFrom('events').selectAll().where('seq', 'in', others);
    const page = await events.orderBy('seq').execute();
    yield page;
    for (const { seq, state } of page)
      if (state !== 'done' && state !== 'ignored') mayComeAgain.add(seq);
  }
}

/** A JSON array of what is read a page at a time. */
async function* writeList<Row>(
  pages: AsyncIterable<Row[]>,
  write: (row: Row) => string,
): AsyncGenerator<string> {
  let before = '[';
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield before + page.map(write).join(',');
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}
