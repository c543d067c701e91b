import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Installation } from '../../../store/schema.ts';
import type { ConnectionsContext } from '../context.ts';
import { createConnectionStore, type ConnectionPatch } from '../store/connections.ts';
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

/** As it waits to be sent. */
export interface StoredNotice extends Notice {
  /** Who is still to be told, where others were. */
  left?: string[];
}

/** One way of telling: it throws when nobody was told, or not all of them. */
export interface Channel {
  name: 'webhook' | 'mail';
  send: (id: string, notice: StoredNotice) => Promise<void>;
}

export class PartlyToldError extends Error {
  /** Who may be told later. */
  readonly left: string[];

  constructor(left: string[]) {
    super(`It was not taken for ${left.join(', ')} yet.`);
    this.left = left;
  }
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
 * Stores the state of a connection together with what has to be told of it: once for each state, whatever
 * instance notices it first. It is sent by itself, also after a restart. False when there is no such connection
 * (any more), or with `whileOn` when it is switched off.
 */
export async function storeState(
  context: StateNeeds,
  { id, installation_id: installationId }: Pick<Connection, 'id' | 'installation_id'>,
  patch: ConnectionPatch,
  when: { whileOn?: boolean } = {},
): Promise<boolean> {
  const { installations, database, channels, now } = context;
  const account = await installations.find(installationId);
  return database.kysely.transaction().execute(async (transaction) => {
    const connections = createConnectionStore({ database: { kysely: transaction }, now });
    const isStored = await connections.update(id, patch, when);
    const connection = isStored ? await connections.find(id) : undefined;
    if (connection === undefined) return false;
    const told = judge(connection, now());
    if (account === undefined || told === undefined || told === connection.told) return true;
    await connections.update(id, { told });
    const body = JSON.stringify(describe(context, account, connection, told));
    const rows = channels.map(({ name: channel }) => ({
      id: randomUUID(),
      connection_id: id,
      channel,
      body,
      attempts: 0,
      due_at: now(),
    }));
    if (rows.length > 0) await transaction.insertInto('connection_notices').values(rows).execute();
    return true;
  });
}

function describe(
  { config, now }: Pick<StateNeeds, 'config' | 'now'>,
  account: Installation,
  connection: Connection,
  told: Told,
): Notice {
  const { id } = connection;
  return {
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
