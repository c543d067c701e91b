import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepUndocumented } from '../../../server/installations/install/token.ts';
import { createLog } from '../../../server/log.ts';
import { createStores, type Stores } from '../../../server/store/create-stores.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { installationOwner } from '../../../server/store/secrets/secrets.ts';
import { startShop } from '../../support/start-shop.ts';

describe.each(engines)('what Zendesk sends beside a token, on %s', (engine) => {
  let database: Database;
  let stores: Stores;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const keys = [{ id: 'test', key: Buffer.alloc(32, 7) }];
    stores = createStores({ database, keys, now: Date.now });
  });
  afterAll(() => database.close());

  it('is kept encrypted, logged by name only, and forgotten with the next token', async () => {
    const id = randomUUID();
    await stores.installations.create(id, 'Acme');
    const printed: string[] = [];
    const destination = { write: (line: string) => printed.push(line) };
    const log = createLog('info', destination);
    const options = { secrets: stores.secrets, log };

    const tokens = { refresh_token: 'a-refresh-token', expires_in: 60 };
    await keepUndocumented(options, id, tokens);
    expect(await stores.secrets.getAll(installationOwner(id))).toEqual({
      refresh_token: 'a-refresh-token',
      expires_in: '60',
    });
    expect(printed.join('')).toContain('"members":["refresh_token","expires_in"]');
    expect(printed.join('')).not.toContain('a-refresh-token');

    await keepUndocumented(options, id, {});
    expect(await stores.secrets.getAll(installationOwner(id))).toEqual({});
    expect(printed).toHaveLength(1);
  });
});

it('what came with the token before is forgotten when the account is installed again', async () => {
  const shop = await startShop();
  const { id } = await shop.install();
  const owner = installationOwner(id);
  await shop.stores.secrets.put(owner, 'refresh_token', 'of the token before');
  expect((await shop.install()).id).toBe(id);
  expect(await shop.stores.secrets.get(owner, 'refresh_token')).toBeUndefined();
  await shop.close();
});
