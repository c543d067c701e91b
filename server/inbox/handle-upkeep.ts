import type { CustomerStore } from '../store/tables/customers.ts';
import type { StoredEvent } from '../store/schema.ts';
import type { UpkeepEvent } from '../zendesk/events.ts';
import type { Settlement } from './event-store.ts';

/**
 * What Zendesk deleted or unified is deleted or unified here. The event itself names the customer, so
 * nothing of it stays but that it was there.
 */
export async function handleUpkeep(
  customers: CustomerStore,
  event: StoredEvent,
  upkeep: UpkeepEvent,
): Promise<Settlement> {
  const { installation_id: installationId } = event;
  const done = (note: string): Settlement => ({ event, state: 'done', note, dropPayload: true });
  switch (upkeep.type) {
    case 'user:remove': {
      const removed = await customers.removeUser(installationId, upkeep.payload.user.id);
      const note = `A customer was deleted in Zendesk: ${removed.length} conversation(s) deleted here.`;
      return { ...done(note), activity: { kind: 'privacy', text: note } };
    }
    case 'conversation:remove': {
      await customers.removeConversation(installationId, upkeep.payload.conversation.id);
      const note = 'A conversation was deleted in Zendesk, and here.';
      return { ...done(note), activity: { kind: 'privacy', text: note } };
    }
    case 'user:merge': {
      const { mergedUsers, mergedConversations } = upkeep.payload;
      const merge = (kind: 'user' | 'conversation', { surviving, discarded }: typeof mergedUsers) =>
        customers.merge(installationId, {
          kind,
          discardedId: discarded.id,
          survivingId: surviving.id,
        });
      if (mergedConversations) await merge('conversation', mergedConversations);
      await merge('user', mergedUsers);
      return done('Two customers were merged in Zendesk, and here.');
    }
  }
}
