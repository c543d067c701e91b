import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { createInstallationOwnerStore } from '../../../server/store/tables/installation-owners.ts';
import { installationOwner, createSecretStore } from '../../../server/store/secrets/secrets.ts';
import { createVault } from '../../../server/store/secrets/vault.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { createNotes } from '../../support/notes.ts';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';
import { rememberConversation } from '../../support/store/remember-conversation.ts';

const LAST_LINE = { kind: 'removed', text: 'Removed in Zendesk' };

describe.each(engines)('removing an installation on %s', (engine) => {
  let database: Database;
  let installations: ReturnType<typeof createInstallationStore>;
  let removedId: string;
  let keptId: string;
  const notes = createNotes();
  const told = vi.fn<(installationId: string) => void>();

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const observe = notes.createObserve();
    observe.add({ remove: async (_transaction, id) => told(id) });
    installations = createInstallationStore({ database, observe, now: Date.now });
  });
  beforeEach(async () => {
    told.mockClear();
    [removedId, keptId] = [randomUUID(), randomUUID()];
    await fill(removedId);
    await fill(keptId);
  });
  afterAll(() => database.close());

  it('leaves nothing in any table, and tells observers why', async () => {
    const before = await readRowsAbout(removedId);
    expect(before.map(({ table }) => table).toSorted()).toEqual([
      'conversations',
      'events',
      'installation_owners',
      'installations',
      'secrets',
    ]);

    expect(await installations.remove(removedId, LAST_LINE)).toBe(true);

    expect(await readRowsAbout(removedId)).toEqual([]);
    expect(notes.latest(removedId, 5)).toEqual([LAST_LINE]);
  });

  it('happens only while it has the status that it was decided for', async () => {
    expect(await installations.remove(removedId, LAST_LINE, 'removing')).toBe(false);
    await installations.setStatus(removedId, ['installing'], 'removing');
    expect(await installations.remove(removedId, LAST_LINE, 'removing')).toBe(true);
  });

  it('touches no other installation', async () => {
    const before = await readRowsAbout(keptId);

    await installations.remove(removedId, LAST_LINE);

    expect(await readRowsAbout(keptId)).toEqual(before);
  });

  it('tells observers once, however often and however concurrently it is asked', async () => {
    const outcomes = await Promise.all([
      installations.remove(removedId, LAST_LINE),
      installations.remove(removedId, LAST_LINE),
    ]);
    const again = await installations.remove(removedId, LAST_LINE);

    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(again).toBe(false);
    expect(told).toHaveBeenCalledExactlyOnceWith(removedId);
  });

  it('tells nobody of an installation that never was', async () => {
    const id = randomUUID();

    expect(await installations.remove(id, LAST_LINE)).toBe(false);

    expect(told).not.toHaveBeenCalled();
  });

  it('makes a late conversation fail', async () => {
    await installations.remove(removedId, LAST_LINE);

    await expect(
      rememberConversation(database, {
        installation_id: removedId,
        conversation_id: 'late',
        user_id: null,
        controller: null,
        last_event_at: 1,
      }),
    ).rejects.toThrow(/foreign key/i);
  });

  /** One row in every table of the core that knows of installations. */
  async function fill(id: string): Promise<void> {
    const dependencies = { database, now: Date.now };
    const vault = createVault([{ id: 'k1', key: randomBytes(32) }]);
    await installations.create(id, 'Acme');
    await createInstallationOwnerStore(dependencies).grant({
      owner_id: randomUUID(),
      installation_id: id,
      state_hash: randomUUID(),
    });
    await createSecretStore({ ...dependencies, vault }).put(installationOwner(id), 'token', 'x');
    await rememberConversation(database, {
      installation_id: id,
      conversation_id: 'conversation',
      user_id: 'user',
      controller: null,
      last_event_at: 1,
    });
    await insertEvent(database, { installation_id: id });
  }

  async function readRowsAbout(id: string) {
    const rows = await readWholeDatabase(database);
    return rows.filter(({ row }) => JSON.stringify(row).includes(id));
  }
});
