import type { StoredEvent } from '../store/schema.ts';
import { outlast } from '../timers.ts';
import type { EventStore } from './events.ts';
import { createGroupCommit } from './receive/group-commit.ts';
import type { Settlement } from './settle.ts';
import type { UnderWay } from './under-way.ts';

/** Settles all that ends in one moment together, and claims with it what waits behind that and may go on. */
export function createSettling(options: {
  store: Pick<EventStore, 'settle'>;
  lease: { owner: string; leaseMs: number };
  underWay: UnderWay;
  /** False: places are wanted by others. */
  mayGoOn: () => boolean;
  isStopping: () => boolean;
}) {
  const { store, lease, underWay, mayGoOn, isStopping } = options;
  const settleSoon = createGroupCommit(settleAll);

  /** Returns what goes on, by conversation. */
  async function settleAll(settlements: readonly Settlement[]): Promise<Map<string, StoredEvent>> {
    const goesOn = mayGoOn();
    const conversationKeys = settlements
      .filter(({ state }) => goesOn && state !== 'waiting')
      .map(({ event }) => event.conversation_key)
      .filter((key) => underWay.takeFollower(key));
    try {
      const claimed = await store.settle(settlements, { ...lease, conversationKeys });
      return new Map(claimed.map((event) => [event.conversation_key, event]));
    } catch (error) {
      for (const key of conversationKeys) underWay.follow(key);
      throw error;
    }
  }

  /** The work is done: a database that is away for some seconds must not have it done again. Returns what goes on. */
  return async function settle(settlement: Settlement): Promise<StoredEvent | undefined> {
    const followers = await outlast(() => settleSoon(settlement), isStopping);
    return followers.get(settlement.event.conversation_key);
  };
}
