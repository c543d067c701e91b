import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { createEventStore } from '../../server/inbox/event-store.ts';
import { createScheduleRemovalCheck } from '../../server/installations/check-removal.ts';
import { engines, openTestDatabase } from '../support/engines.ts';

it.each(engines)(
  'a check of an installation that was removed meanwhile is not needed, on %s',
  async (engine) => {
    const database = await openTestDatabase(engine);
    const wake = vi.fn();
    const events = createEventStore({ database, now: Date.now });

    await createScheduleRemovalCheck({ events, wake })(randomUUID());

    expect(wake).not.toHaveBeenCalled();
    await database.close();
  },
);
