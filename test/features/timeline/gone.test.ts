import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../../server/core.ts';
import { tellOfDroppedWords } from '../../../server/features/gone.ts';
import { createTimelineObserver } from '../../../server/features/timeline/observer.ts';
import { createTraceStore } from '../../../server/features/timeline/traces.ts';
import { createLog } from '../../../server/log.ts';
import {
  removeConversation,
  removeUser,
  type CustomerDeps,
} from '../../../server/features/erasure/customers.ts';
import { createStores, type Stores } from '../../../server/store/create-stores.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { rememberConversation } from '../../support/store/remember-conversation.ts';

describe.each(engines)('the traces of what was deleted are gone on %s', (engine) => {
  let database: Database;
  let stores: Stores;
  let deps: CustomerDeps & Pick<Core, 'eventTypes'>;
  let traces: ReturnType<typeof createTraceStore>;
  let id: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    traces = createTraceStore({ database, now: Date.now });
    const config = { publicUrl: 'http://localhost', keepIgnored: false, sandbox: null };
    const log = createLog('silent');
    const observer = createTimelineObserver(
      { config, eventTypes: {}, log, now: Date.now, root: '' },
      traces,
    );
    const keys = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
    stores = createStores({ database, keys, now: Date.now });
    deps = { ...stores, database, eventTypes: {}, parts: [{ observer }], log, now: Date.now };
  });
  beforeEach(async () => {
    id = randomUUID();
    await stores.installations.create(id, 'Acme');
    await traces.add({ installationId: id, kind: 'install', title: 'Installed', steps: [] });
    await talk('first', 'jane');
    await talk('second', 'john');
  });
  afterAll(() => database.close());

  /** A conversation whose event was answered, as the trace of it tells. */
  async function talk(conversation: string, user: string): Promise<void> {
    await rememberConversation(database, {
      installation_id: id,
      conversation_id: conversation,
      user_id: user,
      controller: null,
      last_event_at: 1,
    });
    const { event_id: eventId } = await insertEvent(database, {
      installation_id: id,
      conversation_key: `${id}/${conversation}`,
      state: 'done',
    });
    await traces.add({
      installationId: id,
      eventId,
      kind: 'event',
      title: conversation,
      steps: [],
    });
  }
  const titles = async () => (await traces.list(id, { limit: 10 })).map(({ title }) => title);

  it('with a customer, and those of others stay', async () => {
    await removeUser(deps, id, 'jane');
    expect(await titles()).toEqual(['second', 'Installed']);
  });

  it('with a conversation', async () => {
    await removeConversation(deps, id, 'second');
    expect(await titles()).toEqual(['first', 'Installed']);
  });

  it('with our access, but for what was done without customers', async () => {
    await tellOfDroppedWords(deps, database.kysely, id);
    expect(await titles()).toEqual(['Installed']);
  });

  it('with the row of an event', async () => {
    await database.kysely.deleteFrom('events').where('installation_id', '=', id).execute();
    expect(await titles()).toEqual(['Installed']);
  });

  it('with the installation', async () => {
    await stores.installations.remove(id, { kind: 'removed', text: 'Removed' });
    expect(await titles()).toEqual([]);
  });
});
