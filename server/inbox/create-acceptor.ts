import { isForeignKeyViolation } from '../store/engines/database.ts';
import type { NewEvent } from '../store/schema.ts';
import { createBatcher } from './create-batcher.ts';
import type { EventStore } from './event-store.ts';
import { writeOneByOne } from './write-one-by-one.ts';

/** The installation was removed while its delivery was under way. */
export class InstallationGoneError extends Error {}

export type AcceptEvents = (events: NewEvent[]) => Promise<void>;

/**
 * Group commit: the deliveries of the same moment share one transaction. When that fails they are
 * written one delivery at a time, so that one that cannot be stored does not fail its neighbours.
 */
export function createAcceptor({
  store,
  onStored,
}: {
  store: EventStore;
  onStored: (conversationKeys: string[]) => void;
}): AcceptEvents {
  async function writeAlone(events: NewEvent[]): Promise<void> {
    try {
      await store.insert(events);
    } catch (error) {
      if (isForeignKeyViolation(error)) throw new InstallationGoneError();
      throw error;
    }
  }

  return createBatcher<NewEvent[], void>({
    maxItems: 200,
    async write(deliveries) {
      try {
        await store.insert(deliveries.flat());
        onStored(waitingIn(deliveries));
        return deliveries.map(() => ({ status: 'fulfilled', value: undefined }));
      } catch {
        const results = await writeOneByOne(deliveries, writeAlone);
        onStored(waitingIn(deliveries));
        return results;
      }
    },
  });
}

function waitingIn(deliveries: NewEvent[][]): string[] {
  const waiting = deliveries.flat().filter(({ state }) => state === 'waiting');
  return waiting.map((event) => event.conversation_key);
}
