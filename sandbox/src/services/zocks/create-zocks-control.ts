import type { Zocks } from './create-zocks.ts';

/** The hands of a test in Zocks. */
export function createZocksControl({ tokens, calls, people }: Zocks) {
  const users = people.listActive();
  return {
    /** The first is a member of the account that has the registered apps. */
    users,
    /** Every call to Zocks, when the sandbox was started with `record`. */
    calls: calls.all,
    /** Who has allowed which app. */
    grants: () => users.flatMap(({ id }) => tokens.grantsOf(id)),
    /** All access tokens stop working; refresh tokens live on. */
    expireAccessTokens: (): void => tokens.expireAccessTokens(),
    /** The user is deactivated at Zocks: all tokens die and nobody is told. */
    deactivateUser(userId: string): void {
      const person = people.find(userId);
      if (!person) throw new Error(`The sandbox knows no such person ${userId}`);
      people.deactivate(person);
    },
  };
}
