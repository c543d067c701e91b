import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import {
  EVENTS_PER_PAGE,
  EVENTS_READ,
  findNewest,
  isNear,
  type EventFilter,
  type EventPage,
} from '../../../server/features/events/list-events.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { createEventLog, type EventLog } from '../../../server/features/events/event-log.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent, newEventRow } from '../../support/store/insert-event.ts';
import { createInsertEvents } from '../../../server/inbox/receive/insert-events.ts';

const ANY: EventFilter = { state: '', type: '', text: '' };

describe.each(engines)('the list of events on %s', (engine) => {
  let database: Database;
  let list: EventLog['list'];
  let id: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine, { isNew: true });
    ({ list } = createEventLog({ database }));
  });
  beforeEach(async () => {
    id = await createInstallation();
  });
  afterAll(() => database.close());

  it('has the newest first, whatever their ids, and none of another installation', async () => {
    await insert({ event_id: 'z' });
    await insert({ event_id: 'a' });
    await insertEvent(database, { installation_id: await createInstallation() });
    await insert({ event_id: 'm' });

    expect(idsOf(await list(id, ANY, null))).toEqual(['m', 'a', 'z']);
  });

  it('leads to older pages until there are no more, and back to newer ones', async () => {
    const ids = await insertMany(2 * EVENTS_PER_PAGE + 1);
    const [newest, middle, oldest] = [ids.slice(-50), ids.slice(1, 51), ids.slice(0, 1)];

    const first = await list(id, ANY, null);
    expect(idsOf(first)).toEqual(newest.toReversed());
    const second = await list(id, ANY, older(first));
    expect(idsOf(second)).toEqual(middle.toReversed());
    const third = await list(id, ANY, older(second));
    expect(idsOf(third)).toEqual(oldest);
    expect(third.end).toBeNull();

    const up = { eventId: oldest[0] ?? '', direction: 'newer' as const };
    const back = await list(id, ANY, up);
    expect(idsOf(back)).toEqual(middle.toReversed());
    expect(back.end?.eventId).toBe(middle.at(-1));
    const top = await list(id, ANY, { eventId: back.end?.eventId ?? '', direction: 'newer' });
    expect(idsOf(top)).toEqual(newest.toReversed());
    expect(top.end).toBeNull();
  });

  it('begins with the newest when the event of the cursor is gone', async () => {
    await insert({ event_id: 'kept' });

    const page = await list(id, ANY, { eventId: 'gone', direction: 'newer' });

    expect(idsOf(page)).toEqual(['kept']);
  });

  it.each(['waiting', 'working', 'done', 'ignored', 'failed'] as const)(
    'can be asked for those that are %s',
    async (state) => {
      for (const each of ['waiting', 'working', 'done', 'ignored', 'failed'] as const) {
        const conversation_key = `${id}/${each}`;
        await insert({ event_id: `one-${each}`, state: each, conversation_key });
        await insertEvent(database, { installation_id: await createInstallation(), state: each });
      }

      const page = await list(id, { ...ANY, state }, null);

      expect(idsOf(page)).toEqual([`one-${state}`]);
      expect(page.end).toBeNull();
    },
  );

  it('can be asked for a type together with a state', async () => {
    await insert({ event_id: 'a', type: 'user:remove', state: 'done' });
    await insert({ event_id: 'b', type: 'user:remove', state: 'failed' });
    await insert({ event_id: 'c', state: 'failed' });

    const filter = { state: 'failed', type: 'user:remove', text: '' } as const;

    expect(idsOf(await list(id, filter, null))).toEqual(['b']);
  });

  it('finds a part of an event id or of a conversation id, in any case, and means it literally', async () => {
    await insert({ event_id: 'Ab_1%', conversation_key: `${id}/one` });
    await insert({ event_id: 'abc12', conversation_key: `${id}/Two` });
    const find = async (text: string) => idsOf(await list(id, { ...ANY, text }, null));

    expect(await find('AB')).toEqual(['abc12', 'Ab_1%']);
    expect(await find('b_1')).toEqual(['Ab_1%']);
    expect(await find('1%')).toEqual(['Ab_1%']);
    expect(await find('two')).toEqual(['abc12']);
    expect(await find('\\')).toEqual([]);
    expect(await find(id)).toEqual([]);
  });

  it('stops after reading so many, says where, and goes on from there', async () => {
    await insert({ event_id: 'wanted', type: 'user:remove', received_at: 1 });
    const rest = await insertMany(EVENTS_READ);
    const filter = { ...ANY, type: 'user:remove' };

    const nothing = await list(id, filter, null);
    expect(nothing).toEqual({ events: [], end: { eventId: rest[0], receivedAt: 7 } });
    const found = await list(id, filter, older(nothing));
    expect(idsOf(found)).toEqual(['wanted']);
    expect(found.end).toBeNull();
  });

  it('misses none of an account that is quiet beside others', async () => {
    const early = await insertMany(EVENTS_PER_PAGE);
    await insertMany(EVENTS_READ, await createInstallation());
    const late = await insertMany(3);
    const ids = [...early, ...late].toReversed();

    const first = await list(id, ANY, null);
    expect(idsOf(first)).toEqual(ids.slice(0, EVENTS_PER_PAGE));
    expect(idsOf(await list(id, ANY, older(first)))).toEqual(ids.slice(EVENTS_PER_PAGE));
    expect(await createEventLog({ database }).listArrivals(id, 6)).toEqual(ids.map(() => 7));
  });

  it('of an account with a long history is read without sorting all of it', async () => {
    const { kysely } = database;
    const near = isNear(id, await findNewest(kysely));
    const explain = engine === 'sqlite' ? sql`explain query plan` : sql`explain`;
    const { rows } = await sql`${explain}
      select event_id from events where ${near} order by seq desc limit 51`.execute(kysely);
    expect(JSON.stringify(rows)).toMatch(/PRIMARY KEY|events_pkey/);
    expect(JSON.stringify(rows)).not.toMatch(/TEMP B-TREE/);
  });

  async function createInstallation(): Promise<string> {
    const installationId = randomUUID();
    await createInstallationStore({ database, now: Date.now }).create(installationId, 'Acme');
    return installationId;
  }

  const insert = (changes: Partial<StoredEvent>) =>
    insertEvent(database, { installation_id: id, state: 'done', ...changes });

  /** Returns their ids, the oldest first. */
  async function insertMany(count: number, installationId = id): Promise<string[]> {
    const rows = Array.from({ length: count }, () =>
      newEventRow({
        installation_id: installationId,
        event_id: randomUUID(),
        conversation_key: `${installationId}/many`,
        payload: null,
        state: 'ignored' as const,
        received_at: 7,
        settled_at: 7,
      }),
    );
    await createInsertEvents(database)(rows);
    return rows.map((row) => row.event_id);
  }
});

const idsOf = ({ events }: EventPage) => events.map((event) => event.event_id);

function older({ end }: EventPage) {
  if (end === null) throw new Error('This was the last page.');
  return { eventId: end.eventId, direction: 'older' as const };
}
