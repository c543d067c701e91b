import type { Core } from '../../core.ts';
import { redactPayload } from '../secret-names.ts';
import type { Conversation, Installation, StoredEvent } from '../../store/schema.ts';

const PAGE = 200;

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
  const { conversations, database, parts } = core;

  yield `{"exportedAt":${exportedAt},"installation":${JSON.stringify({ id, ...facts })}`;
  yield `,"webhook":${JSON.stringify({ id: webhookId, target: webhookTarget })}`;
  yield ',"conversations":';
  yield* writeList<Conversation>(
    (last) => conversations.listAfter(id, last?.conversation_id ?? '', PAGE),
    (conversation) => JSON.stringify(conversation),
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
    (last) =>
      database.kysely
        .selectFrom('events')
        .selectAll()
        .where('installation_id', '=', id)
        .where('event_id', '>', last?.event_id ?? '')
        .orderBy('event_id')
        .limit(PAGE)
        .execute(),
    ({ payload, lease_owner: _owner, lease_until: _until, ...event }) => {
      const sent = payload === null ? 'null' : redactPayload(payload);
      return `${JSON.stringify(event).slice(0, -1)},"payload":${sent}}`;
    },
  );
  yield '}\n';
}

/** A JSON array, read a page at a time; each page begins after the last row of the one before. */
async function* writeList<Row>(
  readAfter: (last: Row | undefined) => Promise<Row[]>,
  write: (row: Row) => string,
): AsyncGenerator<string> {
  let before = '[';
  let last: Row | undefined;
  do {
    const page = await readAfter(last);
    if (page.length > 0) yield before + page.map(write).join(',');
    if (page.length > 0) before = ',';
    last = page.at(-1);
  } while (last !== undefined);
  yield before === '[' ? '[]' : ']';
}
