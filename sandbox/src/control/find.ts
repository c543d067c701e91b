import type { Account, Conversation } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** Looks up by slug and id. What is unknown is a mistake in the test and throws. */
export function createFind(state: State) {
  return {
    account: (slug: string): Account => required(state.accounts.get(slug), `account ${slug}`),
    conversation: (id: string): Conversation =>
      required(state.conversations.get(id), `conversation ${id}`),
  };
}

export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The sandbox knows no such ${name}`);
  return value;
}
