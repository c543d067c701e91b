import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventStore } from '../../../server/inbox/events.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { createTestFolder, openDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { features } from '../../../server/features.ts';
import { createObserve } from '../../../server/observe.ts';
import { rememberConversation } from '../../support/store/remember-conversation.ts';

const MARK = 'the-words-of-a-customer';

/** What a query no longer finds, a thief of the files might: `grep -r` in the data folder. */
describe('the files of SQLite', () => {
  let place: Awaited<ReturnType<typeof createTestFolder>>;
  let database: Database;
  let stores: ReturnType<typeof createStores>;

  beforeEach(async () => {
    place = await createTestFolder();
    database = await openDatabase(place);
    await migrate(database, features);
    const keys = [{ id: 'test', key: Buffer.alloc(32, 7) }];
    stores = createStores({ database, keys, now: Date.now });
    for (const id of ['leaves', 'stays']) await stores.installations.create(id, id);
  });
  afterEach(async () => {
    await database.close();
    await place.remove();
  });

  it('hold nothing of an installation once it was removed', async () => {
    await fill('leaves');
    expect(await findFilesWith(MARK)).not.toEqual([]);

    await stores.installations.remove('leaves', { kind: 'removed', text: 'Removed' });

    expect(await findFilesWith(MARK)).toEqual([]);
  });

  it('hold nothing of a customer once the event that says so was settled', async () => {
    const events = createEventStore({ database, observe: createObserve(), now: Date.now });
    await insertEvent(database, { installation_id: 'leaves', type: 'user:remove', payload: MARK });
    const [event] = await events.claim({ owner: 'us', leaseMs: 15_000, limit: 1 });
    if (event === undefined) expect.fail('the event was not claimed');

    await events.settle([{ event, state: 'done', note: null, dropPayload: true }]);

    expect(await findFilesWith(MARK)).toEqual([]);
  });

  it('hold after a stop only what a copy of the database alone holds as well', async () => {
    await fill('stays', 'kept');
    await fill('stays', MARK);
    await database.kysely.deleteFrom('events').where('payload', 'like', `%${MARK}%`).execute();
    await database.kysely
      .deleteFrom('conversations')
      .where('conversation_id', 'like', `%${MARK}%`)
      .execute();

    await database.close();

    expect(await findFilesWith(MARK)).toEqual([]);
    expect(await findFilesWith('kept')).toEqual(['shopkeeper.db']);
  });

  /** Rows of every size, also such that fill pages of their own. */
  async function fill(installationId: string, words = MARK): Promise<void> {
    for (let n = 1; n <= 40; n++) {
      const payload = JSON.stringify({ text: words.repeat(n * n) });
      await insertEvent(database, { installation_id: installationId, payload });
      await rememberConversation(database, {
        installation_id: installationId,
        conversation_id: words.repeat(n),
        user_id: null,
        controller: null,
        last_event_at: 1,
      });
    }
  }

  async function findFilesWith(words: string): Promise<string[]> {
    const files = await readdir(place.dataDir);
    const found = await Promise.all(
      files.map(async (file) => (await readFile(join(place.dataDir, file))).includes(words)),
    );
    return files.filter((_file, index) => found[index]);
  }
});
