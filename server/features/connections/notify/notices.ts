import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ConnectionsContext } from '../context.ts';
import type { Connection, ConnectionNotice, Told } from '../store/schema.ts';

/** Shorter outages are the service's own, pass by themselves, and wake nobody. */
const OUTAGE_MS = 60 * 60_000;
/** Longer than any attempt takes: should this instance die over one, another does it after that. */
const CLAIMED_FOR_MS = 5 * 60_000;
const AT_ONCE = 10;

/** What is sent, as JSON; also the body of the webhook. */
export interface Notice {
  type: 'connection.broken' | 'connection.recovered';
  /** When it happened, ISO 8601. */
  timestamp: string;
  data: {
    account: { name: string; subdomain: string | null };
    connection: { id: string; name: string; provider: string; status: string };
    /** Why it is broken; null when it works again. */
    reason: string | null;
    /** Where its owner repairs it. */
    url: string;
  };
}

/** One way of telling: it throws when nobody was told. */
export interface Channel {
  name: 'webhook' | 'mail';
  send: (id: string, notice: Notice) => Promise<void>;
}

export type StateNeeds = Pick<
  ConnectionsContext,
  'connections' | 'installations' | 'database' | 'channels' | 'config' | 'now'
>;

/** What there is to tell of a state; undefined: nothing yet. */
function judge({ status, status_since: since }: Connection, now: number): Told | undefined {
  if (status === 'connected') return 'working';
  if (status === 'needs_reconnect') return 'broken';
  const isOutage = status === 'failing' && since !== null && now - since >= OUTAGE_MS;
  return isOutage ? 'broken' : undefined;
}

/**
 * Notes what has to be told of a connection whose state was just stored: once for each state, whatever
 * instance notices it first. It is sent by itself, also after a restart.
 */
export async function noteState(context: StateNeeds, id: string): Promise<void> {
  const { connections, installations, database, channels, config, now } = context;
  const connection = await connections.find(id);
  if (connection === undefined) return;
  const told = judge(connection, now());
  if (told === undefined || told === connection.told) return;
  const account = await installations.find(connection.installation_id);
  if (account === undefined) return;
  const notice: Notice = {
    type: told === 'broken' ? 'connection.broken' : 'connection.recovered',
    timestamp: new Date(now()).toISOString(),
    data: {
      account: { name: account.display_name, subdomain: account.subdomain },
      connection: {
        id,
        name: connection.name,
        provider: connection.provider,
        status: connection.status,
      },
      reason: told === 'broken' ? connection.reason : null,
      url: `${config.publicUrl}/installations/${account.id}/connections/${id}`,
    },
  };
  const rows = channels.map(({ name }) => ({
    id: randomUUID(),
    connection_id: id,
    channel: name,
    body: JSON.stringify(notice),
    attempts: 0,
    due_at: now(),
  }));
  await database.kysely.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('connections')
      .set({ told })
      .where('id', '=', id)
      .where('told', '!=', told)
      .executeTakeFirst();
    if (numUpdatedRows === 0n || rows.length === 0) return;
    await transaction.insertInto('connection_notices').values(rows).execute();
  });
}

/**
 * Takes notices that are due, each for one caller only, and for each connection and channel the oldest: that
 * it works again is told after that it was broken.
 */
export async function claimNotices({
  database: { kysely },
  now,
}: Pick<ConnectionsContext, 'database' | 'now'>): Promise<ConnectionNotice[]> {
  const at = now();
  return kysely
    .updateTable('connection_notices')
    .set({ due_at: at + CLAIMED_FOR_MS, attempts: sql`attempts + 1` })
    .where('due_at', '<=', at)
    .where('id', 'in', (query) =>
      query
        .selectFrom('connection_notices as one')
        .select('one.id')
        .where('one.due_at', '<=', at)
        .where((build) =>
          build.not(
            build.exists(
              build
                .selectFrom('connection_notices as older')
                .select('older.id')
                .whereRef('older.connection_id', '=', 'one.connection_id')
                .whereRef('older.channel', '=', 'one.channel')
                .whereRef('older.seq', '<', 'one.seq'),
            ),
          ),
        )
        .orderBy('one.seq')
        .limit(AT_ONCE),
    )
    .returningAll()
    .execute();
}
