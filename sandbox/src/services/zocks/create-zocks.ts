import type { CodeGrant } from '../../oauth/authorize-routes.ts';
import { createAuthorizationCodes } from '../../oauth/create-authorization-codes.ts';
import { createTokens } from '../../oauth/create-tokens.ts';
import { createCalls } from '../../operations.ts';
import type { WorldParts } from '../service.ts';
import { createApps } from './create-apps.ts';
import { createEnterprises, createPeople } from './create-people.ts';
import { createSessions } from './create-sessions.ts';
import { createPermissions } from './permissions.ts';
import { collections } from './records.ts';
import type { ZocksApp, ZocksState } from './zocks-state.ts';

export const zocksOperations = [
  'ZocksToken',
  'ZocksRevoke',
  'ZocksGetMe',
  ...collections.map(({ operation }) => operation),
] as const;

export type ZocksOperation = (typeof zocksOperations)[number];

export type Zocks = ReturnType<typeof createZocks>;

/** A service with OAuth 2.0 after the book, since Zocks publishes no protocol: its people and their apps. */
export function createZocks(state: ZocksState, parts: Omit<WorldParts, 'find' | 'platform'>) {
  const { changes, faults, limits, url, worldSuffix } = parts;
  const announce = () => changes.announce({ service: 'zocks' });
  const permissions = createPermissions(state);
  const tokens = createTokens({ state: state.tokens, announce, worldSuffix });
  const people = createPeople({ state, tokens, permissions, announce });
  return {
    issuer: `${url}/zocks`,
    state,
    faults,
    tokens,
    permissions,
    people,
    apps: createApps({ state, tokens, permissions, announce, limits, worldSuffix }),
    enterprises: createEnterprises({ state, announce }),
    sessions: createSessions(state, { isSecure: url.startsWith('https:') }),
    calls: createCalls<ZocksOperation>(limits.calls),
    codes: createAuthorizationCodes<CodeGrant>({ worldSuffix }),

    /** Why the person cannot use the app; undefined: they can. */
    refuseUser(app: ZocksApp, personId: string): string | undefined {
      const person = people.findActive(personId);
      if (!person) return 'This person has been deactivated.';
      if (permissions.isInReachOf(app, person)) return undefined;
      const [own, theirs] = [app, person].map((one) => permissions.accountOf(one).name);
      return `${app.details.name} is an app of ${own} and not available in ${theirs}, the account of ${person.name}.`;
    },
  };
}
