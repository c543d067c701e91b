import { createHash, randomUUID } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { insertOwnEvents, ownEvent, withdrawOwnEvents } from '../shared/own-events.ts';
import { conversationLane } from '../../inbox/lanes.ts';
import type { Core } from '../../core.ts';
import { findLivingId, type Mergeable } from '../gone.ts';
import { redactPayload } from '../shared/secret-names.ts';
import type { Schema } from '../../store/schema.ts';
import type { Wake } from './schema.ts';

/** The type of the events that wake the bot, and the beginning of their ids. */
export const WAKE = 'shopkeeper:wake';

/** Moved in one transaction. Small, so that on SQLite no delivery waits long for its turn. */
const AT_ONCE = 100;
const PAGE = 200;

/** Whom a wake is about. */
export interface Place {
  installationId: string;
  conversationId: string;
  customer: { id: string; externalId?: string | undefined };
}

const ofConversation = ({ installationId, conversationId }: Omit<Place, 'customer'>) =>
  sql<boolean>`installation_id = ${installationId} and conversation_id = ${conversationId}`;

/** Without the key itself, which may name somebody: the id of an event outlives what it says. */
function eventIdStart(key: string): string {
  return `${WAKE}:${createHash('sha256').update(key).digest('hex').slice(0, 32)}:`;
}

/**
 * Where it is by now: what Zendesk has merged while the event was dealt with lives on elsewhere, and so do the
 * wakes that were set before.
 */
async function findLivingPlace(
  core: Pick<Core, 'parts'>,
  kysely: Kysely<Schema>,
  { installationId, conversationId, customer }: Place,
): Promise<Place> {
  const findId = (kind: Mergeable['kind'], id: string) =>
    findLivingId(core, kysely, { kind, installationId, id });
  const userId = await findId('user', customer.id);
  return {
    installationId,
    conversationId: await findId('conversation', conversationId),
    // What the discarded one was called elsewhere is not what the survivor is called.
    customer: userId === customer.id ? customer : { id: userId },
  };
}

/** Also takes the place of one of the same key. `dueAt` in epoch milliseconds, `data` as JSON. */
export async function setWake(
  core: Pick<Core, 'parts'>,
  transaction: Kysely<Schema>,
  before: Place,
  wake: { key: string; dueAt: number; data: string },
  at: number,
): Promise<void> {
  const place = await findLivingPlace(core, transaction, before);
  await remove(transaction, place, wake.key, at);
  await transaction
    .insertInto('wakes')
    .values({
      id: randomUUID(),
      installation_id: place.installationId,
      conversation_id: place.conversationId,
      user_id: place.customer.id,
      external_id: place.customer.externalId ?? null,
      key: wake.key,
      due_at: wake.dueAt,
      data: wake.data,
    })
    .execute();
}

/** Also when its time has come already, and it waits in the inbox behind what is dealt with now. */
export async function unsetWake(
  core: Pick<Core, 'parts'>,
  transaction: Kysely<Schema>,
  place: Place,
  key: string,
  at: number,
): Promise<void> {
  await remove(transaction, await findLivingPlace(core, transaction, place), key, at);
}

async function remove(
  transaction: Kysely<Schema>,
  place: Place,
  key: string,
  at: number,
): Promise<void> {
  const wakes = transaction.deleteFrom('wakes').where(ofConversation(place));
  await wakes.where('key', '=', key).execute();
  const lane = conversationLane(place.installationId, place.conversationId);
  await withdrawOwnEvents(transaction, lane, eventIdStart(key), 'Cancelled by the bot.', at);
}

export async function listKeys(
  { database }: Pick<Core, 'database'>,
  place: Omit<Place, 'customer'>,
): Promise<string[]> {
  const wakes = database.kysely.selectFrom('wakes').select('key').where(ofConversation(place));
  return (await wakes.execute()).map(({ key }) => key);
}

/**
 * Puts those whose time has come into their conversations, behind what waits there. Returns when the next one is
 * due, in epoch milliseconds; undefined when there is none. Instances that do so at the same time move
 * different ones.
 */
export async function moveDueWakes({
  database,
  wake,
  now,
}: Pick<Core, 'database' | 'wake' | 'now'>): Promise<number | undefined> {
  const { kysely, engine } = database;
  // Also passes over those of an installation that is being deleted: waiting for it could be a deadlock.
  const skipLocked =
    engine === 'postgres'
      ? sql`for update of wakes skip locked for key share of installations skip locked`
      : sql``;
  for (;;) {
    const moved = await kysely.transaction().execute(async (transaction) => {
      const { rows } = await sql<Wake>`
        delete from wakes where seq in (
          select seq from wakes join installations on installations.id = wakes.installation_id
          where due_at <= ${now()} order by due_at, seq limit ${sql.lit(AT_ONCE)}
          ${skipLocked}
        ) returning *`.execute(transaction);
      const events = rows.toSorted(byTime).map(toEvent);
      if (rows.length > 0) await insertOwnEvents(database, transaction, events);
      return rows.length;
    });
    if (moved > 0) wake();
    if (moved < AT_ONCE) break;
    await new Promise(setImmediate);
  }
  const next = await kysely
    .selectFrom('wakes')
    .select(({ fn }) => fn.min('due_at').as('due_at'))
    .executeTakeFirst();
  return next?.due_at ?? undefined;
}

const byTime = (a: Wake, b: Wake): number => a.due_at - b.due_at || a.seq - b.seq;

/** It happened when it was due: after a restore, what it said before is looked for from that time on. */
function toEvent(wake: Wake): Parameters<typeof insertOwnEvents>[2][number] {
  const event = ownEvent(wake.installation_id, {
    id: `${eventIdStart(wake.key)}${wake.id}`,
    type: WAKE,
    conversation: { id: wake.conversation_id },
    user: { id: wake.user_id, externalId: wake.external_id },
    data: JSON.parse(wake.data),
  });
  return { ...event, at: wake.due_at };
}

export async function countWakes(
  { database: { kysely } }: Pick<Core, 'database'>,
  installationId: string,
): Promise<number> {
  const { count } = await kysely
    .selectFrom('wakes')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('installation_id', '=', installationId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Those of an installation, in the order in which they were set. What is named like a secret is hidden. */
export async function* listWakes(
  { database: { kysely } }: Pick<Core, 'database'>,
  installationId: string,
) {
  let last = 0;
  for (;;) {
    const page = await kysely
      .selectFrom('wakes')
      .select(['seq', 'conversation_id', 'user_id', 'key', 'due_at', 'data'])
      .where('installation_id', '=', installationId)
      .where('seq', '>', last)
      .orderBy('seq')
      .limit(PAGE)
      .execute();
    for (const { seq: _seq, data, ...wake } of page)
      yield { ...wake, data: JSON.parse(redactPayload(data)) };
    last = page.at(-1)?.seq ?? 0;
    if (page.length < PAGE) return;
  }
}
