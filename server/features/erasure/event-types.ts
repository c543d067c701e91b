import { z } from 'zod';
import type { EventTypes } from '../../inbox/event-types.ts';
import type { Merge } from '../gone.ts';
import { zendeskJob } from '../shared/zendesk-job.ts';
import type { Settlement } from '../../inbox/settle.ts';
import type { StoredEvent } from '../../store/schema.ts';
import { columnText } from '../../text.ts';
import { merge, removeConversation, removeUser } from './customers.ts';
import type { ERASURE_TYPES } from './stored-events.ts';

const WithId = z.object({ id: columnText });
const Merged = z.object({ surviving: WithId, discarded: WithId });

/** The event itself names the customer, so nothing of it stays but that it was there. */
const done = (event: StoredEvent, note: string): Settlement => ({
  event,
  state: 'done',
  note,
  dropPayload: true,
});
const told = (event: StoredEvent, note: string): Settlement => ({
  ...done(event, note),
  activity: { kind: 'privacy', text: note },
});

/** What says that data of a customer has to go or to move; nothing but ids is read of it. */
export const eventTypes: EventTypes & Record<(typeof ERASURE_TYPES)[number], object> = {
  'conversation:remove': zendeskJob(
    'A conversation was deleted',
    z.object({ conversation: WithId }),
    async (core, event, { conversation }) => {
      await removeConversation(core, event.installation_id, conversation.id);
      return told(event, 'A conversation was deleted in Zendesk, and here.');
    },
  ),

  'user:merge': zendeskJob(
    'Two customers were merged',
    z.object({ mergedUsers: Merged, mergedConversations: Merged.nullish() }),
    async (core, event, { mergedUsers, mergedConversations }) => {
      const mergeAll = (kind: Merge['kind'], { surviving, discarded }: z.infer<typeof Merged>) =>
        merge(core, event.installation_id, {
          kind,
          discardedId: discarded.id,
          survivingId: surviving.id,
        });
      if (mergedConversations) await mergeAll('conversation', mergedConversations);
      await mergeAll('user', mergedUsers);
      return done(event, 'Two customers were merged in Zendesk, and here.');
    },
  ),

  'user:remove': zendeskJob(
    'A customer was deleted',
    z.object({ user: WithId }),
    async (core, event, { user }) => {
      const removed = await removeUser(core, event.installation_id, user.id);
      const note = `A customer was deleted in Zendesk: ${removed.length} conversation(s) deleted here.`;
      return told(event, note);
    },
  ),
};
