import type { Faults } from '../faults/create-faults.ts';
import type { ZocksOperation } from '../faults/fault.ts';
import type { CodeGrant } from '../oauth/authorize-routes.ts';
import { createAuthorizationCodes } from '../oauth/create-authorization-codes.ts';
import { createTokens } from '../oauth/create-tokens.ts';
import { createCalls } from '../operations/create-calls.ts';
import type { Changes } from '../state/changes.ts';
import { zocksAppSchema } from './records.ts';
import type { ZocksApp } from './records.ts';
import type { ZocksState } from './zocks-state.ts';

interface ZocksOptions {
  state: ZocksState;
  changes: Changes;
  faults: Faults;
  /** Keeps every call. */
  record: boolean;
}

export type Zocks = ReturnType<typeof createZocks>;

/** A service with OAuth 2.0 after the book: Zocks publishes nothing of its protocol. */
export function createZocks({ state, changes, faults, record }: ZocksOptions) {
  const announce = () => changes.announce({ face: 'zocks' });
  return {
    faults,
    calls: createCalls<ZocksOperation>({ record }),
    tokens: createTokens({ state: state.tokens, announce }),
    codes: createAuthorizationCodes<CodeGrant>(),

    list: (): ZocksApp[] => [...state.apps.values()],

    findApp: (clientId: string): ZocksApp | undefined => state.apps.get(clientId),

    /** Adds the app, or replaces the one of the same client id. */
    register(app: ZocksApp): void {
      state.apps.set(app.clientId, zocksAppSchema.parse(app));
      announce();
    },
  };
}
