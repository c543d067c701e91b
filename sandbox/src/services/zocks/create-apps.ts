import type { Tokens } from '../../oauth/create-tokens.ts';
import type { Grant } from '../../oauth/token-state.ts';
import { Refused } from '../../refused.ts';
import { isSecretOf, toRegisteredApp } from '../../state/registered-app.ts';
import { newId } from '../../state/values.ts';
import type { WorldLimits } from '../../world-limits.ts';
import type { Permissions } from './permissions.ts';
import { FIRST_ACCOUNT_ID } from './zocks-state.ts';
import type { ZocksApp, ZocksAppInput, ZocksState } from './zocks-state.ts';

interface AppsOptions {
  state: ZocksState;
  tokens: Tokens;
  permissions: Permissions;
  /** Called after each change. */
  announce: () => void;
  limits: WorldLimits;
  /** Ends every client id made here. */
  worldSuffix: string;
}

/** Zocks' registry of apps: what happens to one happens to the tokens it was given. */
export function createApps(options: AppsOptions) {
  const { state, tokens, permissions, announce, limits, worldSuffix } = options;
  const { apps, people } = state;
  /** Those that programs registered in this run, for the page to paste from. */
  const registeredSecrets = new Map<string, string>();

  function keep(app: ZocksApp): ZocksApp {
    apps.set(app.clientId, app);
    announce();
    return app;
  }

  /** Those of this world's people: what programs registered does not count. */
  const countMade = (): number =>
    [...apps.keys()].filter((clientId) => !registeredSecrets.has(clientId)).length;

  return {
    countMade,
    keep,

    list: (): ZocksApp[] => [...apps.values()],

    find: (clientId: string): ZocksApp | undefined => apps.get(clientId),

    newClientId: (): string => `${newId()}${worldSuffix}`,

    /**
     * Before one more is made.
     * @param others that people have made in other registries.
     * @throws Refused 429 when there are as many as the sandbox keeps.
     */
    checkRoom(others = 0): void {
      if (countMade() + others < limits.apps) return;
      const problem = `This sandbox keeps ${limits.apps} apps of your own and has them all. Delete one first.`;
      throw new Refused(429, problem);
    },

    /** Adds the app, enabled, or replaces the one of the same client id, which stays disabled if it was. */
    register({ scopes, ...app }: ZocksAppInput): void {
      const { isEnabled = true, hierarchy = 'off' } = apps.get(app.clientId) ?? {};
      registeredSecrets.set(app.clientId, app.clientSecret);
      const owned = { accountId: FIRST_ACCOUNT_ID, hierarchy };
      keep({ ...toRegisteredApp(app), ...owned, scopes, isEnabled });
    },

    /** Undefined once it was replaced, and for apps that people made. */
    findRegisteredSecret(app: ZocksApp): string | undefined {
      const secret = registeredSecrets.get(app.clientId);
      return secret !== undefined && isSecretOf(app, secret) ? secret : undefined;
    },

    /** What is taken away is taken from old tokens, too; what is added reaches none of them. */
    setScopes(app: ZocksApp, scopes: string[]): void {
      tokens.narrow(app.clientId, scopes);
      keep({ ...app, scopes });
    },

    /** Whoever loses sight of the app loses what they have allowed it. */
    setHierarchy(app: ZocksApp, hierarchy: ZocksApp['hierarchy']): void {
      const changed = keep({ ...app, hierarchy });
      for (const grant of tokens.grantsTo(app.clientId)) {
        const person = people.get(grant.userId);
        if (!person || !permissions.isInReachOf(changed, person)) tokens.revoke(grant);
      }
    },

    /** Ends everything that was allowed. */
    remove({ clientId }: ZocksApp): void {
      for (const grant of tokens.grantsTo(clientId)) tokens.revoke(grant);
      apps.delete(clientId);
      announce();
    },

    /** What people have allowed it. */
    listGrants: ({ clientId }: Pick<ZocksApp, 'clientId'>): Grant[] => tokens.grantsTo(clientId),
  };
}
