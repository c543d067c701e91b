import { expect, it, vi } from 'vitest';
import { openTools } from '../../../server/features/connections/bot-tools.ts';
import { keepTokens } from '../../../server/features/connections/tokens/tokens.ts';
import { createGate } from '../../support/gate.ts';
import { openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { createConnection } from './support/create-connection.ts';
import { createContext } from './support/create-context.ts';
import { createMadeUpProvider } from './support/made-up-provider.ts';

it('a call whose turn comes when the time of its handler is over is not made', async () => {
  const database = await openTestDatabase('sqlite');
  const read = vi.fn(async () => 'an order');
  const provider = {
    ...createMadeUpProvider(),
    openTools: (use: Parameters<ReturnType<typeof createMadeUpProvider>['openTools']>[0]) => ({
      readOrder: () => use(read),
    }),
  };
  const context = createContext(database, { providers: [provider] });
  const connection = await createConnection(context, provider);
  await context.connections.update(connection.id, { concurrency: 1 });
  await keepTokens(context, connection.id, { accessToken: 'a' });
  const event = await insertEvent(database, { installation_id: connection.installation_id });
  const ahead = createGate();
  const first = context.turns.run({ id: connection.id, concurrency: 1 }, ahead.pass);
  await ahead.entered;

  const handler = new AbortController();
  const tools = openTools(context, { event, signal: handler.signal });
  const call = tools['made-up']?.readOrder();
  handler.abort(new Error('The handler took longer than 30 s.'));
  ahead.open();
  await first;
  await expect(call).rejects.toThrow('took longer');
  expect(read).not.toHaveBeenCalled();
  await database.close();
});
