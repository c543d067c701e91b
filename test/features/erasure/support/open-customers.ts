import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { removeUser } from '../../../../server/features/erasure/customers.ts';
import { createErasureObserver } from '../../../../server/features/erasure/index.ts';
import { createLog } from '../../../../server/log.ts';
import { createStores } from '../../../../server/store/create-stores.ts';
import type { Engine } from '../../../../server/store/engines/database.ts';
import type { EventState } from '../../../../server/store/schema.ts';
import { openTestDatabase } from '../../../support/store/engines.ts';
import { insertEvent } from '../../../support/store/insert-event.ts';
import { createNotes } from '../../../support/notes.ts';
import { readWholeDatabase } from '../../../support/store/read-whole-database.ts';
import { rememberConversation } from '../../../support/store/remember-conversation.ts';

export type Customers = Awaited<ReturnType<typeof openCustomers>>;

/** A database with installations, and what is stored of their customers. */
export async function openCustomers(engine: Engine) {
  const database = await openTestDatabase(engine);
  const keys = [{ id: 'k1', key: randomBytes(32) }];
  const written: string[] = [];
  const write = (line: string) => void written.push(...(line.match(/removed_[\w-]+/g) ?? []));
  const log = createLog('info', { write });
  const notes = createNotes();
  const observe = notes.createObserve();
  const stores = createStores({ database, keys, now: Date.now, observe });
  /** For whatever removes customers. */
  const deps = { ...stores, database, observe, parts: [], log, now: Date.now };
  observe.add(createErasureObserver(deps));

  return {
    database,
    stores,
    deps,
    /** What owners are told. */
    notes,
    /** The hashes that the log has. */
    written,
    close: () => database.close(),

    async createInstallation(): Promise<string> {
      const id = randomUUID();
      await stores.installations.create(id, 'Acme');
      return id;
    },

    /** A conversation as it is after an event of it was answered. */
    async fill(id: string, conversationId: string, userId: string): Promise<void> {
      await rememberConversation(database, {
        installation_id: id,
        conversation_id: conversationId,
        user_id: userId,
        controller: null,
        last_event_at: 1,
      });
      const key = `${id}/${conversationId}`;
      await insertEvent(database, {
        installation_id: id,
        conversation_key: key,
        payload: `"words in ${conversationId}"`,
        state: 'done',
      });
    },

    insertMessage: (
      id: string,
      conversation: string,
      message: object,
      state: EventState = 'done',
    ) =>
      insertEvent(database, {
        installation_id: id,
        conversation_key: `${id}/${conversation}`,
        payload: JSON.stringify({ payload: { conversation: { id: conversation }, message } }),
        state,
      }),

    readEvents: (id: string) =>
      database.kysely
        .selectFrom('events')
        .selectAll()
        .where('installation_id', '=', id)
        .orderBy('seq')
        .execute(),

    /** Every row of every table that names the installation. */
    async readAbout(id: string): Promise<string> {
      const rows = await readWholeDatabase(database);
      const about = rows.map(({ row }) => JSON.stringify(row));
      return about.filter((row) => row.includes(id)).join('\n');
    },
  };
}

/** For a block of tests: a database for all of them, and an installation of its own for each. */
export function useCustomers(engine: Engine) {
  const at: { customers?: Customers; id: string } = { id: '' };
  const open = (): Customers => {
    if (at.customers === undefined) throw new Error('Only within a test');
    return at.customers;
  };
  beforeAll(async () => {
    at.customers = await openCustomers(engine);
  });
  beforeEach(async () => {
    at.id = await open().createInstallation();
  });
  afterAll(() => open().close());

  return {
    get customers() {
      return open();
    },
    get stores() {
      return open().stores;
    },
    get id() {
      return at.id;
    },
    remove: (user: string) => removeUser(open().deps, at.id, user),
    fill: (conversation: string, user: string) => open().fill(at.id, conversation, user),
    insertMessage: (conversation: string, message: object, state?: EventState) =>
      open().insertMessage(at.id, conversation, message, state),
    readEvents: () => open().readEvents(at.id),
  };
}
