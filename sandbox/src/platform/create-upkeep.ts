import type { Changes } from '../state/changes.ts';
import type { Conversation, User } from '../state/records.ts';
import { externalIdKey, type State } from '../state/state.ts';
import type { Events } from './create-events.ts';

interface UpkeepOptions {
  state: State;
  changes: Changes;
  events: Pick<Events, 'conversationRemoved' | 'userRemoved' | 'usersMerged'>;
}

/** What an account does with the data of its customers: deletes it, and unifies what is one person's. */
export function createUpkeep({ state, changes, events }: UpkeepOptions) {
  function forgetConversation(conversation: Conversation): void {
    const { id, account, userIds } = conversation;
    state.conversations.delete(id);
    state.messages.delete(id);
    for (const userId of userIds) {
      const others = state.conversationsByUser.get(userId) ?? [];
      state.conversationsByUser.set(
        userId,
        others.filter((one) => one.id !== id),
      );
    }
    changes.announce({ account, conversationId: id });
  }

  function forgetUser({ id, account, externalId, browserKey }: User): void {
    state.users.delete(id);
    state.conversationsByUser.delete(id);
    if (externalId !== undefined)
      state.usersByExternalId.delete(externalIdKey(account, externalId));
    if (browserKey !== undefined) state.usersByBrowserKey.delete(browserKey);
  }

  return {
    removeConversation(conversation: Conversation): void {
      events.conversationRemoved(conversation);
      forgetConversation(conversation);
    },

    /** With all conversations; that an event tells of each of these as well is not documented. */
    removeUser(user: User): void {
      events.userRemoved(user);
      for (const conversation of state.conversationsByUser.get(user.id) ?? [])
        forgetConversation(conversation);
      forgetUser(user);
      changes.announce({ account: user.account });
    },

    /**
     * As logging in does it without multi-conversations: of two conversations one survives, with the
     * messages of both. A second conversation of the discarded user goes to the survivor as it is.
     */
    mergeUsers(surviving: User, discarded: User): void {
      const [into] = state.conversationsByUser.get(surviving.id) ?? [];
      const [from, ...others] = state.conversationsByUser.get(discarded.id) ?? [];
      const merged = into === undefined || from === undefined ? undefined : { into, from };
      events.usersMerged(surviving, discarded, merged);
      const kept = merged === undefined && from !== undefined ? [from, ...others] : others;
      for (const conversation of kept) {
        conversation.userIds = conversation.userIds.map((id) =>
          id === discarded.id ? surviving.id : id,
        );
      }
      const own = state.conversationsByUser.get(surviving.id) ?? [];
      state.conversationsByUser.set(surviving.id, [...own, ...kept]);
      if (merged !== undefined) {
        const messages = [merged.from, merged.into].flatMap(({ id }) =>
          (state.messages.get(id) ?? []).map((message) => ({
            ...message,
            conversationId: merged.into.id,
          })),
        );
        const byTime = messages.toSorted((left, right) =>
          left.received.localeCompare(right.received),
        );
        state.messages.set(merged.into.id, byTime);
        forgetConversation(merged.from);
        changes.announce({ account: surviving.account, conversationId: merged.into.id });
      }
      const { browserKey } = discarded;
      forgetUser(discarded);
      if (browserKey !== undefined && surviving.browserKey === undefined) {
        surviving.browserKey = browserKey;
        state.usersByBrowserKey.set(browserKey, surviving);
      }
      changes.announce({ account: surviving.account });
    },
  };
}
