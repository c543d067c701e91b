import type { ConnectionsContext } from '../../../../server/features/connections/context.ts';
import { createConnectionStores } from '../../../../server/features/connections/context.ts';
import { createTurns } from '../../../../server/features/connections/tokens/turns.ts';
import { createLog } from '../../../../server/log.ts';
import { createObserve } from '../../../../server/observe.ts';
import { createStores } from '../../../../server/store/create-stores.ts';
import type { Database } from '../../../../server/store/engines/database.ts';

/** The feature on a database, without pages and without providers unless the changes bring some. */
export function createContext(database: Database, changes: Partial<ConnectionsContext> = {}) {
  const { now = Date.now } = changes;
  const keys = [{ id: 'k', key: Buffer.alloc(32, 1) }];
  return {
    ...createStores({ database, keys, now }),
    ...createConnectionStores({ database, now }),
    config: { publicUrl: 'http://localhost', variables: {} },
    observe: createObserve(),
    log: createLog('silent'),
    database,
    parts: [],
    providers: [],
    channels: [],
    turns: createTurns({ now }),
    renewals: new Map(),
    now,
    ...changes,
  } satisfies ConnectionsContext;
}
