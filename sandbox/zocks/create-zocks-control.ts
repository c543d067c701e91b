import type { Zocks } from './create-zocks.ts';
import { zocksUsers } from './predefined-users.ts';

/** The hands of a test in Zocks. */
export function createZocksControl({ tokens, calls }: Zocks) {
  return {
    users: zocksUsers,
    /** Every call to Zocks, when the sandbox was started with `record`. */
    calls: calls.all,
    /** Who has allowed which app. */
    grants: () => zocksUsers.flatMap(({ id }) => tokens.grantsOf(id)),
    /** All access tokens stop working; refresh tokens live on. */
    expireAccessTokens: (): void => tokens.expireAccessTokens(),
    /** The user is deactivated at Zocks: all tokens die and nobody is told. */
    deactivateUser(userId: string): void {
      for (const grant of tokens.grantsOf(userId)) tokens.revoke(grant);
    },
  };
}
