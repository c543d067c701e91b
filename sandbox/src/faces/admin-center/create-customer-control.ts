import type { Platform } from '../../platform/create-platform.ts';

/** What an administrator does with customers, for tests: by ids, of which an unknown one throws. */
export function createCustomerControl({ state, upkeep }: Platform) {
  function find<Found>(all: Map<string, Found>, id: string): Found {
    const found = all.get(id);
    if (found === undefined) throw new Error(`The sandbox knows no such customer ${id}`);
    return found;
  }

  return {
    /** With all conversations. */
    removeUser: (userId: string): void => upkeep.removeUser(find(state.users, userId)),

    removeConversation: (id: string): void =>
      upkeep.removeConversation(find(state.conversations, id)),

    /** Two users turn out to be one: what is the discarded one's becomes the survivor's. */
    mergeUsers({ surviving, discarded }: { surviving: string; discarded: string }): void {
      upkeep.mergeUsers(find(state.users, surviving), find(state.users, discarded));
    },
  };
}
