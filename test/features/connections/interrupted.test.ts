import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionsContext } from '../../../server/features/connections/context.ts';
import { recordFailure } from '../../../server/features/connections/health/health.ts';
import { keepTokens } from '../../../server/features/connections/tokens/tokens.ts';
import type { Connection } from '../../../server/features/connections/store/schema.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { createConnection } from './support/create-connection.ts';
import { createContext } from './support/create-context.ts';
import { createMadeUpProvider } from './support/made-up-provider.ts';

async function die(): Promise<never> {
  throw new Error('The process died.');
}

describe.each(engines)('a connection that a process died over, on %s,', (engine) => {
  let database: Database;
  let context: ConnectionsContext;
  let connection: Connection;
  const provider = createMadeUpProvider();

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    const channels = [{ name: 'webhook' as const, send: async () => {} }];
    context = createContext(database, { providers: [provider], channels });
    connection = await createConnection(context, provider);
    const tokens = { accessToken: 'a', refreshToken: 'r' };
    await keepTokens(context, connection.id, tokens);
  });
  const find = (id = connection.id) => context.connections.find(id);
  const listNotices = () =>
    database.kysely
      .selectFrom('connection_notices')
      .selectAll()
      .where('connection_id', '=', connection.id)
      .execute();

  it('does not change without its notice', async () => {
    const { installations } = context;
    const dying = { ...context, installations: { ...installations, find: die } };
    const failure = { kind: 'dead', reason: 'Dead.' } as const;
    await expect(recordFailure(dying, connection, failure)).rejects.toThrow('died');
    expect(await find()).toMatchObject({ status: 'connected', told: 'working' });
    await recordFailure(context, connection, failure);
    expect(await find()).toMatchObject({ status: 'needs_reconnect', told: 'broken' });
    expect(await listNotices()).toHaveLength(1);
  });
});
