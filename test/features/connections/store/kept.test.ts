import { expect, it } from 'vitest';
import { createClock } from '../../../support/clock.ts';
import { readWholeDatabase } from '../../../support/store/read-whole-database.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { openAccount } from '../support/open-account.ts';

const DAY_MS = 24 * 60 * 60_000;

it('connections are kept until they are deleted or the account is, and credentials only encrypted', async () => {
  const account = await openAccount();
  const { shop, id } = account;
  const readAll = async () => JSON.stringify(await readWholeDatabase(shop.database));
  await account.connect({ name: 'The sales connection' });
  await account.connectServer({ name: 'Another one' });
  expect(await readAll()).not.toContain('secret-of-the-zoom-app');
  await account.press('Another one', 'delete');
  const left = await shop.stores.connections.list(id);
  expect(left.map(({ name }) => name)).toEqual(['The sales connection']);
  await shop.stores.installations.remove(id, { kind: 'removed', text: 'Gone.' });
  expect(await readAll()).not.toContain('The sales connection');
  await account.close();
});

it('connections of a revoked account are at rest until it comes back', async () => {
  const clock = createClock(Date.now());
  const account = await openAccount({ now: clock.now });
  const { shop, id } = account;
  await account.connect();
  const { connections, installations } = shop.stores;
  const [connection] = await connections.list(id);
  if (connection === undefined) throw new Error('There is no connection');
  await installations.setStatus(id, ['active'], 'revoked');
  const dueAt = clock.now() - 1;
  await connections.update(connection.id, { check_at: dueAt });
  expect(await connections.claimDue({ againMs: DAY_MS, limit: 10 })).toEqual([]);
  await shop.install();
  await waitUntil('the due check is made', async () => {
    const found = await connections.find(connection.id);
    return found?.check_at !== dueAt;
  });
  await account.close();
});
