import { z } from 'zod';
import { messageOf } from '../../../errors.ts';
import { RemoteError } from '../../../remote-error.ts';
import type { ConnectionsContext } from '../context.ts';
import type { ConnectionNotice } from '../store/schema.ts';
import { claimNotices, PartlyToldError, type Channel, type StoredNotice } from './notices.ts';

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1_000, 60_000, 60 * 60_000];
/** A receiver may be away over a weekend's maintenance, and its inbox should not be flooded afterwards. */
const PAUSES_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
];
/** What `storeState` stored, and a try of ours. */
const Stored = z.custom<StoredNotice>((value) => typeof value === 'object' && value !== null);

/** Sends the notices that are due; each is tried until its receiver has taken it, or for two days. */
export async function deliverNotices(context: ConnectionsContext): Promise<void> {
  for (const row of await claimNotices(context)) await deliver(context, row);
}

async function deliver(context: ConnectionsContext, row: ConnectionNotice): Promise<void> {
  const { database, channels, observe, log, now } = context;
  const { id, channel } = row;
  const settle = database.kysely.deleteFrom('connection_notices').where('id', '=', id);
  const sender = channels.find(({ name }) => name === channel);
  // It was configured when this was noted.
  if (sender === undefined) return void (await settle.execute());
  const notice = Stored.parse(JSON.parse(row.body));
  try {
    await sender.send(id, notice);
    await settle.execute();
    observe.occur('notice-sent', { channel, result: 'sent' });
  } catch (error) {
    observe.occur('notice-sent', { channel, result: 'failed' });
    const pause = isRefusedForGood(error) ? undefined : PAUSES_MS[row.attempts - 1];
    if (pause === undefined) {
      await settle.execute();
      await giveUp(context, row, notice, error);
      return;
    }
    log.warn({ connectionId: row.connection_id }, `A notice was not sent: ${messageOf(error)}`);
    const body =
      error instanceof PartlyToldError
        ? { body: JSON.stringify({ ...notice, left: error.left }) }
        : {};
    await database.kysely
      .updateTable('connection_notices')
      .set({ due_at: now() + pause, ...body })
      .where('id', '=', id)
      .execute();
  }
}

/** "410 Gone: the endpoint is no longer in use" (Standard Webhooks, deliverability). */
function isRefusedForGood(error: unknown): boolean {
  return error instanceof RemoteError && error.status === 410;
}

async function giveUp(
  { connections, observe, log }: ConnectionsContext,
  { connection_id: connectionId, channel }: ConnectionNotice,
  { type, data }: StoredNotice,
  error: unknown,
): Promise<void> {
  observe.occur('notice-sent', { channel, result: 'given-up' });
  log.error({ error, connectionId }, 'A notice about a connection was given up.');
  const connection = await connections.find(connectionId);
  if (connection === undefined) return;
  const what = type === 'connection.broken' ? 'is broken' : 'works again';
  const line = `That “${data.connection.name}” ${what} could not be told by ${NAMES[channel]}.`;
  await observe.note(connection.installation_id, 'connection', line);
}

const NAMES: Record<Channel['name'], string> = { webhook: 'the webhook', mail: 'e-mail' };
