import type { Tokens } from '../../oauth/create-tokens.ts';
import type { Grant } from '../../oauth/records.ts';
import type { Installations } from '../../platform/create-installations.ts';
import { ApiError } from '../../platform/api-error.ts';
import { newId } from '../../state/new-id.ts';
import type { WorldLimits } from '../../world/limits.ts';
import type { Permissions } from './permissions.ts';
import type { PortalState } from './portal-state.ts';
import type { App, Person } from './records.ts';
import { hashSecret, isSecretOf, newSecret } from './secrets.ts';

interface AppsOptions {
  state: PortalState;
  tokens: Tokens;
  installations: Installations;
  permissions: Permissions;
  /** Called after each change. */
  announce: () => void;
  limits: WorldLimits;
  /** Ends every client id made here. */
  mark: string;
}

export type Apps = ReturnType<typeof createApps>;
export type AppContent = Pick<App, 'details' | 'redirectUris' | 'scopes'>;
type Editable = Pick<App, 'details' | 'redirectUris' | 'removeUrl' | 'configurationUrl'>;

/** The life of an app: created, registered, changed, enabled, given a new secret, deleted. */
export function createApps(options: AppsOptions) {
  const { state, tokens, installations, permissions, announce, limits, mark } = options;
  const { apps, people } = state;
  /** Not shown yet. They are kept nowhere else. */
  const newSecrets = new Map<string, string>();
  /** Those that programs registered in this run, for the page to paste from. */
  const registeredSecrets = new Map<string, string>();

  function keep(app: App): App {
    apps.set(app.clientId, app);
    announce();
    return app;
  }

  function issueSecret(clientId: string): string {
    const secret = newSecret();
    newSecrets.set(clientId, secret);
    return hashSecret(secret);
  }

  /** Those of this world's people: what programs registered does not count. */
  const countMade = (): number =>
    [...apps.keys()].filter((clientId) => !registeredSecrets.has(clientId)).length;

  return {
    countMade,

    list: (): App[] => [...apps.values()],

    /**
     * Not enabled, and its secret waits for `takeNewSecret`. Throws 429 when there are as many as the
     * sandbox keeps.
     */
    create({ accountId }: Person, content: AppContent): App {
      if (countMade() >= limits.apps) {
        const title = `This sandbox keeps ${limits.apps} apps of your own and has them all. Delete one first.`;
        throw new ApiError(429, 'too_many_requests', title);
      }
      const clientId = `${newId()}${mark}`;
      const secretHash = issueSecret(clientId);
      return keep({
        ...content,
        clientId,
        secretHash,
        accountId,
        platform: 'zocks',
        removeUrl: '',
        configurationUrl: '',
        isEnabled: false,
        hierarchy: 'off',
      });
    },

    /** Adds the app, or replaces the one of the same client id, which stays disabled if it was. */
    register(app: App, clientSecret: string): void {
      const { isEnabled, hierarchy } = apps.get(app.clientId) ?? app;
      registeredSecrets.set(app.clientId, clientSecret);
      keep({ ...app, isEnabled, hierarchy });
    },

    /** Undefined once it was replaced, and for apps made in the portal. */
    findRegisteredSecret(app: App): string | undefined {
      const secret = registeredSecrets.get(app.clientId);
      return secret !== undefined && isSecretOf(app, secret) ? secret : undefined;
    },

    update(app: App, changes: Partial<Editable>): void {
      keep({ ...app, ...changes });
    },

    /** What is taken away is taken from old tokens, too; what is added reaches none of them. */
    setScopes(app: App, scopes: string[]): void {
      tokens.narrow(app.clientId, scopes);
      keep({ ...app, scopes });
    },

    setEnabled(app: App, isEnabled: boolean): void {
      keep({ ...app, isEnabled });
    },

    /** The old secret stops working at once; what users have allowed stays. */
    rotateSecret(app: App): void {
      keep({ ...app, secretHash: issueSecret(app.clientId) });
    },

    /** The secret made last, once. */
    takeNewSecret({ clientId }: App): string | undefined {
      const secret = newSecrets.get(clientId);
      newSecrets.delete(clientId);
      return secret;
    },

    /** Whoever loses sight of the app loses what they have allowed it. */
    setHierarchy(app: App, hierarchy: App['hierarchy']): void {
      const changed = keep({ ...app, hierarchy });
      for (const grant of tokens.grantsTo(app.clientId)) {
        const person = people.get(grant.userId);
        if (!person || !permissions.isInReachOf(changed, person)) tokens.revoke(grant);
      }
    },

    /** Ends everything that was allowed; a marketplace bot is removed from every account. */
    remove(app: App): void {
      for (const grant of tokens.grantsTo(app.clientId)) tokens.revoke(grant);
      installations.removeClient(app.clientId);
      apps.delete(app.clientId);
      announce();
    },

    /** What people have allowed it. */
    listGrants: ({ clientId }: App): Grant[] => tokens.grantsTo(clientId),

    /** How many people, or accounts of Zendesk, have it. */
    countUsers({ clientId, platform }: App): number {
      return platform === 'zendesk'
        ? installations.listOfClient(clientId).length
        : new Set(tokens.grantsTo(clientId).map(({ userId }) => userId)).size;
    },
  };
}
