import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivityLog } from '../../../server/store/tables/activity-log.ts';
import { createConversationStore } from '../../../server/store/tables/conversations.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { createInstallationOwnerStore } from '../../../server/store/tables/installation-owners.ts';
import { installationOwner, createSecretStore } from '../../../server/store/secrets/secrets.ts';
import { createTokenCheckStore } from '../../../server/store/tables/token-checks.ts';
import { createVault } from '../../../server/store/secrets/vault.ts';
import { engines, openTestDatabase } from '../../support/engines.ts';
import { insertEvent } from '../../support/insert-event.ts';
import { readWholeDatabase } from '../../support/read-whole-database.ts';

const LAST_LINE = { kind: 'removed', text: 'Removed in Zendesk' };

describe.each(engines)('removing an installation on %s', (engine) => {
  let database: Database;
  let installations: ReturnType<typeof createInstallationStore>;
  let removedId: string;
  let keptId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    installations = createInstallationStore({ database, now: Date.now });
  });
  beforeEach(async () => {
    [removedId, keptId] = [randomUUID(), randomUUID()];
    await fill(removedId);
    await fill(keptId);
  });
  afterAll(() => database.close());

  it('leaves one line of activity and nothing else in any table', async () => {
    const before = await readRowsAbout(removedId);
    expect(before.map(({ table }) => table).toSorted()).toEqual([
      'activity',
      'conversations',
      'events',
      'installation_owners',
      'installations',
      'secrets',
      'token_checks',
    ]);

    expect(await installations.remove(removedId, LAST_LINE)).toBe(true);

    expect(await readRowsAbout(removedId)).toEqual([
      {
        table: 'activity',
        row: expect.objectContaining({ installation_id: removedId, ...LAST_LINE }),
      },
    ]);
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

  it('adds its line once, however often and however concurrently it is asked', async () => {
    const outcomes = await Promise.all([
      installations.remove(removedId, LAST_LINE),
      installations.remove(removedId, LAST_LINE),
    ]);
    const again = await installations.remove(removedId, LAST_LINE);

    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(again).toBe(false);
    expect(await readRowsAbout(removedId)).toHaveLength(1);
  });

  it('adds no line for an installation that never was', async () => {
    const id = randomUUID();

    expect(await installations.remove(id, LAST_LINE)).toBe(false);

    expect(await readRowsAbout(id)).toEqual([]);
  });

  it('makes a late event or conversation fail', async () => {
    await installations.remove(removedId, LAST_LINE);

    await expect(insertEvent(database, { installation_id: removedId })).rejects.toThrow(
      /foreign key/i,
    );
    await expect(
      createConversationStore({ database }).upsert({
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
      ownerId: randomUUID(),
      installationId: id,
      stateHash: randomUUID(),
    });
    await createSecretStore({ ...dependencies, vault }).put(installationOwner(id), 'token', 'x');
    await createActivityLog(dependencies).add(id, 'installed', 'Installed');
    await createConversationStore({ database }).upsert({
      installation_id: id,
      conversation_id: 'conversation',
      user_id: 'user',
      controller: null,
      last_event_at: 1,
    });
    await insertEvent(database, { installation_id: id });
    await createTokenCheckStore(database).begin(id, null);
  }

  async function readRowsAbout(id: string) {
    const rows = await readWholeDatabase(database);
    return rows.filter(({ row }) => JSON.stringify(row).includes(id));
  }
});
