import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTools } from '../../../server/features/connections/bot-tools.ts';
import type { ConnectionsContext } from '../../../server/features/connections/context.ts';
import {
  recordFailure,
  testConnection,
} from '../../../server/features/connections/health/health.ts';
import { completeAuthorization } from '../../../server/features/connections/saving/link-user.ts';
import { addCustom } from '../../../server/features/connections/saving/save-custom.ts';
import { forgetTokens, keepTokens } from '../../../server/features/connections/tokens/tokens.ts';
import type { Connection } from '../../../server/features/connections/store/schema.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { createConnection } from './support/create-connection.ts';
import { createContext } from './support/create-context.ts';
import { createMadeUpProvider } from './support/made-up-provider.ts';

const MINUTE_MS = 60_000;
const ENDED = 'Its authorization at Made Up has ended.';

async function die(): Promise<never> {
  throw new Error('The process died.');
}

describe.each(engines)('a connection that a process died over, on %s,', (engine) => {
  let database: Database;
  let context: ConnectionsContext;
  let connection: Connection;
  let late = 0;
  const provider = createMadeUpProvider();

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    late = 0;
    const now = () => Date.now() + late;
    const channels = [{ name: 'webhook' as const, send: async () => {} }];
    context = createContext(database, { now, providers: [provider], channels });
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

  it('is not taken for connected when its dead tokens were forgotten, and that is told', async () => {
    await forgetTokens(context, connection.id);
    await testConnection(context, connection);
    expect(await find()).toMatchObject({ status: 'needs_reconnect', reason: ENDED });
    expect(await listNotices()).toHaveLength(1);
  });

  it('is not used again and again in place of one that works', async () => {
    await forgetTokens(context, connection.id);
    const event = await insertEvent(database, { installation_id: connection.installation_id });
    const { signal } = new AbortController();
    const tools = openTools(context, { event, signal });
    expect(await tools['made-up']?.readOrder()).toMatchObject({ ok: false });
    expect(await find()).toMatchObject({ status: 'needs_reconnect', reason: ENDED });
  });

  it('keeps the reason why nobody ever authorized it', async () => {
    await forgetTokens(context, connection.id);
    const reason = 'Nobody has authorized it yet.';
    await context.connections.update(connection.id, { status: 'needs_reconnect', reason });
    await testConnection(context, connection);
    expect(await find()).toMatchObject({ status: 'needs_reconnect', reason, check_at: null });
  });

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

  it('is tested a minute later when it was just authorized', async () => {
    const dying = { ...context, connectionHistory: { ...context.connectionHistory, add: die } };
    const tokens = { accessToken: 'b', refreshToken: 's' };
    await expect(completeAuthorization(dying, connection, tokens, 'me')).rejects.toThrow('died');
    late = MINUTE_MS;
    const due = await context.connections.claimDue({ againMs: MINUTE_MS, limit: 10 });
    expect(due.map(({ id }) => id)).toContain(connection.id);
  });

  it('is tested a minute later when its credentials were not stored yet', async () => {
    const dying = { ...context, secrets: { ...context.secrets, put: die } };
    const credentials = { accountId: 'account', clientId: 'id', clientSecret: 'secret' };
    const body = { ...credentials, name: 'Custom', hostUser: '', concurrency: '' };
    const installation = await context.installations.find(connection.installation_id);
    if (installation === undefined) throw new Error('Its account is gone.');
    const sent = { installation, provider, body, actor: 'me' };
    await expect(addCustom(dying, sent)).rejects.toThrow('died');
    late = MINUTE_MS;
    const due = await context.connections.claimDue({ againMs: MINUTE_MS, limit: 10 });
    const custom = due.find(({ name }) => name === 'Custom');
    if (custom === undefined) throw new Error('It is not due.');
    await testConnection(context, custom);
    expect(await find(custom.id)).toMatchObject({
      status: 'needs_reconnect',
      reason: expect.stringContaining('enter its credentials again'),
    });
  });
});
