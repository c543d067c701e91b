import type { Account, ChannelClient, Conversation, SupportUser, User } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** Looks up by slug and id. What is unknown is a mistake in the test and throws. */
export function createFind(state: State) {
  return {
    account: (slug: string): Account => required(state.accounts.get(slug), `account ${slug}`),
    conversation: (id: string): Conversation =>
      required(state.conversations.get(id), `conversation ${id}`),
    user: (id: string): User => required(state.users.get(id), `customer ${id}`),
    channelClient: (id: string): ChannelClient =>
      required(state.channelClients.get(id), `client ${id}`),
    supportUser: (id: string): SupportUser =>
      required(state.supportUsers.get(id), `person of Support ${id}`),
  };
}

export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The sandbox knows no such ${name}`);
  return value;
}
