import type { Faults } from '../../faults/create-faults.ts';
import type { ZocksOperation } from '../../faults/fault.ts';
import type { CodeGrant } from '../../oauth/authorize-routes.ts';
import { createAuthorizationCodes } from '../../oauth/create-authorization-codes.ts';
import type { Tokens } from '../../oauth/create-tokens.ts';
import { createCalls } from '../../operations/create-calls.ts';
import type { Portal } from '../portal/create-portal.ts';
import { findAppOf } from '../portal/portal-state.ts';
import type { App } from '../portal/records.ts';

interface ZocksOptions {
  portal: Portal;
  tokens: Tokens;
  faults: Faults;
  /** Keeps every call. */
  record: boolean;
  /** Ends every code. */
  mark: string;
}

export type Zocks = ReturnType<typeof createZocks>;

/** A service with OAuth 2.0 after the book for the portal's apps: Zocks publishes no protocol. */
export function createZocks({ portal, tokens, faults, record, mark }: ZocksOptions) {
  return {
    portal,
    tokens,
    faults,
    calls: createCalls<ZocksOperation>({ record }),
    codes: createAuthorizationCodes<CodeGrant>({ mark }),

    findApp: (clientId: string): App | undefined => findAppOf(portal.state, 'zocks', clientId),

    /** Why the person cannot use the app; undefined: they can. */
    refuseUser(app: App, personId: string): string | undefined {
      const person = portal.people.findActive(personId);
      if (!person) return 'This person has been deactivated.';
      if (portal.permissions.isInReachOf(app, person)) return undefined;
      const [own, theirs] = [app, person].map((one) => portal.permissions.accountOf(one).name);
      return `${app.details.name} is an app of ${own} and not available in ${theirs}, the account of ${person.name}.`;
    },
  };
}
