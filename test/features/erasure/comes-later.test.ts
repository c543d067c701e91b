import { expect, it } from 'vitest';
import { removeUser } from '../../../server/features/erasure/customers.ts';
import { features } from '../../../server/features.ts';
import { createLog } from '../../../server/log.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { createTestFolder, engines, openDatabase } from '../../support/store/engines.ts';
import { createTestDatabase } from '../../support/store/postgres-databases.ts';
import { rememberConversation } from '../../support/store/remember-conversation.ts';

it.each(engines)(
  'a database on %s that was made without it has customers deleted once it is there',
  async (engine) => {
    const place = engine === 'sqlite' ? await createTestFolder() : await createTestDatabase();
    const database = await openDatabase(place);
    await migrate(database, []);
    const keys = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
    const stores = createStores({ database, keys, now: Date.now });
    await stores.installations.create('acme', 'Acme');
    const known = { controller: null, last_event_at: 1 };
    await rememberConversation(database, {
      installation_id: 'acme',
      conversation_id: 'theirs',
      user_id: 'jane',
      ...known,
    });

    await migrate(database, features);

    const log = createLog('silent');
    const deps = { ...stores, database, parts: [], log, now: Date.now };
    expect(await removeUser(deps, 'acme', 'jane')).toEqual(['theirs']);
    await database.close();
    await place.remove();
  },
);
