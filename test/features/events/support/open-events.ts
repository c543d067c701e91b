import { createEventLog } from '../../../../server/features/events/event-log.ts';
import type { StoredEvent } from '../../../../server/store/schema.ts';
import { insertEvent } from '../../../support/store/insert-event.ts';
import { startShop, type ShopOptions } from '../../../support/start-shop.ts';

export type EventPages = Awaited<ReturnType<typeof openEvents>>;

/** An installed shop whose inbox a test fills by hand: the worker never gets to look. */
export async function openEvents(options: ShopOptions = {}) {
  const shop = await startShop({ worker: { parallel: 0 }, ...options });
  const { browser, id, statusUrl } = await shop.install();
  return {
    shop,
    browser,
    id,
    statusUrl,
    eventsUrl: `${statusUrl}/events`,
    insert: (changes: Partial<StoredEvent>) =>
      insertEvent(shop.database, {
        installation_id: id,
        conversation_key: `${id}/conversation-1`,
        state: 'done',
        attempts: 1,
        received_at: Date.now(),
        settled_at: Date.now(),
        ...changes,
      }),
    find: (eventId: string) => createEventLog(shop).find(id, eventId),
    close: () => shop.close(),
  };
}
