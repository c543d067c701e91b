import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeConversation, removeUser } from '../../../server/features/erasure/customers.ts';
import { removeAfterRestore, removeAgain } from '../../../server/features/erasure/sweep.ts';
import { removalSources } from '../../../server/features/erasure/removals.ts';
import { markRestored } from '../../../server/commands/restore/mark-restored.ts';
import { engines } from '../../support/store/engines.ts';
import { openCustomers, type Customers } from './support/open-customers.ts';

describe.each(engines)('a backup that knows who was deleted since, on %s,', (engine) => {
  let customers: Customers;
  let id: string;
  beforeEach(async () => {
    customers = await openCustomers(engine);
    id = await customers.createInstallation();
  });
  afterEach(() => customers.close());

  /** What was removed, written down elsewhere; then the database as it was before. */
  async function removeAndForget(remove: () => Promise<unknown>): Promise<string> {
    await remove();
    await customers.database.kysely.deleteFrom('removals').execute();
    return customers.written.map((hash) => `{"level":30,"removals":["${hash}"]}`).join('\n');
  }
  async function restoreWith(log: string) {
    await markRestored(customers.database, Date.now, [removalSources.readFile(log)]);
    return removeAfterRestore(customers.deps);
  }

  it('does not bring back a customer, also one whose message waits or failed', async () => {
    const log = await removeAndForget(() => removeUser(customers.deps, id, 'jane'));
    await customers.fill(id, 'theirs', 'jane');
    await customers.fill(id, 'others', 'john');
    await customers.insertMessage(id, 'lost', { author: { userId: 'jane' } }, 'failed');

    expect(await restoreWith(log)).toMatchObject({ installations: 0 });

    const left = await customers.readAbout(id);
    for (const gone of ['jane', 'theirs', 'lost']) expect(left).not.toContain(gone);
    expect(left).toContain('words in others');
  });

  it('does not bring back a conversation', async () => {
    const log = await removeAndForget(() => removeConversation(customers.deps, id, 'first'));
    await customers.fill(id, 'first', 'jane');
    await customers.fill(id, 'second', 'jane');
    expect(await restoreWith(log)).toEqual({ installations: 0, others: 1 });
    const left = await customers.readAbout(id);
    expect(left).not.toContain('first');
    expect(left).toContain('words in second');
  });

  it('does not bring back an account, and tells its owners so', async () => {
    const { notes } = customers;
    const { installations } = customers.stores;
    const other = await customers.createInstallation();
    const line = { kind: 'removed', text: 'Gone.' };
    const log = await removeAndForget(() => installations.remove(id, line));
    await installations.create(id, 'Acme');
    expect(await restoreWith(log)).toEqual({ installations: 1, others: 0 });
    expect((await installations.list()).map((row) => row.id)).toEqual([other]);
    expect(notes.latest(id, 1)[0]?.text).toContain('removed again');
  });

  it('drops what comes late for who was deleted before the restore', async () => {
    await customers.stores.installations.setStatus(id, ['installing'], 'active');
    const log = await removeAndForget(() => removeUser(customers.deps, id, 'jane'));
    await restoreWith(log);
    const found = await customers.stores.installations.find(id);
    expect(found?.last_removal_at).toBeGreaterThan(Date.now() - 60_000);
  });

  it('brings back nobody that another instance stored while the removal ran', async () => {
    await removeUser(customers.deps, id, 'jane');
    await customers.fill(id, 'late', 'jane');
    await removeAgain(customers.deps);
    expect(await customers.readAbout(id)).not.toContain('late');
  });

  it('is told by the database it replaces, and by a file, and each keeps its time', async () => {
    const { kysely } = customers.database;
    const hash = (letter: string) => `removed_${letter.repeat(43)}`;
    await kysely
      .insertInto('removals')
      .values({ hash: hash('a'), at: 5 })
      .execute();
    const known = await removalSources.readDatabase(kysely);
    await kysely.deleteFrom('removals').execute();
    const told = removalSources.readFile(`${hash('a')} ${hash('b')}`);
    await markRestored(customers.database, Date.now, [known, told]);
    const removals = await kysely.selectFrom('removals').selectAll().orderBy('at').execute();
    expect(removals).toEqual([
      { hash: hash('a'), at: 5 },
      { hash: hash('b'), at: expect.any(Number) },
    ]);
  });

  it('finds removals in any text, and takes nothing else for one', async () => {
    const { kysely } = customers.database;
    const hash = `removed_${'a-B_9'.repeat(8)}abc`;
    await removalSources.readFile(`x "${hash}", ${hash}\n('${hash}',1)`)(kysely);
    await removalSources.readFile(`${hash}x removed_short ${'removed_'.repeat(9)}`)(kysely);
    const known = kysely.selectFrom('removals').select('hash');
    expect(await known.execute()).toEqual([{ hash }]);
  });
});
