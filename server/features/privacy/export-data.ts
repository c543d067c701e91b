import { redactPayload } from '../events/redact-payload.ts';
import type { Stores } from '../../store/create-stores.ts';
import type { ActivityLine, Conversation, Installation, StoredEvent } from '../../store/schema.ts';
import type { Trace } from '../timeline/store/traces.ts';

const PAGE = 200;
/** More than a connection ever has. */
const HISTORY_LINES = 10_000;

/**
 * Everything stored of an installation as one JSON document, a piece at a time, so that its size does
 * not matter. Secrets are in a table of their own and are not read; nothing named like one in a payload
 * gets through. Left out as well: which browsers own it, and who holds a lease.
 */
export async function* exportData(
  stores: Stores,
  installation: Installation,
  exportedAt: number,
): AsyncGenerator<string> {
  const { id, webhook_id: webhookId, webhook_target: webhookTarget, ...facts } = installation;
  const { conversations, eventLog, activity, traces, connections, oauthClients } = stores;

  yield `{"exportedAt":${exportedAt},"installation":${JSON.stringify({ id, ...facts })}`;
  yield `,"webhook":${JSON.stringify({ id: webhookId, target: webhookTarget })}`;
  yield `,"oauthClients":${JSON.stringify(await oauthClients.list(id))}`;
  yield `,"connections":${JSON.stringify(await listConnections())}`;
  yield ',"conversations":';
  yield* writeList<Conversation>(
    (last) => conversations.listAfter(id, last?.conversation_id ?? '', PAGE),
    (conversation) => JSON.stringify(conversation),
  );
  yield `,"merges":${JSON.stringify(await stores.merges.list(id))}`;
  yield ',"activity":';
  yield* writeList<ActivityLine>(
    (last) => activity.listAfter(id, last?.id ?? 0, PAGE),
    (line) => JSON.stringify(line),
  );
  yield ',"traces":';
  yield* writeList<Trace>(
    (last) => traces.list(id, { before: last?.id, limit: PAGE }),
    (trace) => JSON.stringify(trace),
  );
  yield ',"events":';
  yield* writeList<StoredEvent>(
    (last) => eventLog.listAfter(id, last?.event_id ?? '', PAGE),
    ({ payload, lease_owner: _owner, lease_until: _until, ...event }) => {
      const sent = payload === null ? 'null' : redactPayload(payload);
      return `${JSON.stringify(event).slice(0, -1)},"payload":${sent}}`;
    },
  );
  yield '}\n';

  async function listConnections() {
    const all = await connections.list(id);
    return Promise.all(
      all.map(async (connection) => {
        const lines = await stores.connectionHistory.list(connection.id, HISTORY_LINES);
        const history = lines.map(({ text, changes, at }) => ({ at, text, changes }));
        return { ...connection, history };
      }),
    );
  }
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
