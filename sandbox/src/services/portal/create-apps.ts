import type { Grant } from '../../oauth/token-state.ts';
import { keepClient, unregisterClient } from '../../platform/clients.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { listInstallationsOf } from '../../platform/installations.ts';
import type { Client } from '../../state/records.ts';
import { hashSecret, newSecret } from '../../state/registered-app.ts';
import type { Zocks } from '../zocks/create-zocks.ts';
import { explainNotEnabled } from '../zocks/permissions.ts';
import { FIRST_ACCOUNT_ID } from '../zocks/zocks-state.ts';
import type { Person, ZocksApp } from '../zocks/zocks-state.ts';
import type { PortalApp, PortalState } from './portal-state.ts';

interface AppsOptions {
  state: PortalState;
  zocks: Zocks;
  zendesk: Platform;
}

export type Apps = ReturnType<typeof createApps>;
export type AppContent = Pick<PortalApp, 'details' | 'redirectUris' | 'scopes'>;
type Editable = Pick<PortalApp, 'details' | 'redirectUris' | 'removeUrl' | 'configurationUrl'>;

/** The apps that people manage, in two registries: that of Zocks and that of Zendesk, which it only writes into. */
export function createApps({ state, zocks, zendesk }: AppsOptions) {
  const { clients } = zendesk.state;
  /** Not shown yet. They are kept nowhere else. */
  const newSecrets = new Map<string, string>();

  function ofZendesk({ disabled, ...client }: Client): PortalApp {
    const { accountId, hierarchy } = state.bots.get(client.clientId) ?? {
      accountId: FIRST_ACCOUNT_ID,
      hierarchy: 'off',
    };
    const isEnabled = disabled === null;
    return { ...client, accountId, hierarchy, isEnabled, scopes: [], platform: 'zendesk' };
  }

  const ofZocks = (app: ZocksApp): PortalApp => ({
    ...app,
    removeUrl: '',
    configurationUrl: '',
    platform: 'zocks',
  });

  function find(clientId: string): PortalApp | undefined {
    const bot = clients.get(clientId);
    const app = zocks.apps.find(clientId);
    return bot ? ofZendesk(bot) : app && ofZocks(app);
  }

  /** Writes it into the registry of where it works. */
  function keep(app: PortalApp): void {
    const { platform, accountId, hierarchy, scopes, isEnabled, ...client } = app;
    const { clientId, secretHash, details, redirectUris } = client;
    if (platform === 'zocks') {
      const own = { accountId, hierarchy, scopes, isEnabled };
      zocks.apps.keep({ clientId, secretHash, details, redirectUris, ...own });
      return;
    }
    state.bots.set(clientId, { clientId, accountId, hierarchy });
    keepClient(zendesk, { ...client, disabled: explainNotEnabled(zocks.state, app) ?? null });
  }

  function issueSecret(clientId: string, secret = newSecret()): string {
    newSecrets.set(clientId, secret);
    return hashSecret(secret);
  }

  return {
    find,

    list: (): PortalApp[] => [
      ...[...clients.values()].map(ofZendesk),
      ...zocks.apps.list().map(ofZocks),
    ],

    /** For Zocks; its secret waits for `takeNewSecret`. Throws 429 when there are as many as may be. */
    create(person: Person, content: AppContent): ZocksApp {
      const secret = newSecret();
      const app = zocks.apps.create(person, { ...content, secretHash: hashSecret(secret) });
      newSecrets.set(app.clientId, secret);
      return app;
    },

    update: (app: PortalApp, changes: Partial<Editable>): void => keep({ ...app, ...changes }),

    /** A marketplace bot has none. */
    setScopes: (app: PortalApp, scopes: string[]): void => zocks.apps.setScopes(app, scopes),

    setEnabled: (app: PortalApp, isEnabled: boolean): void => keep({ ...app, isEnabled }),

    /** The old secret stops working at once; what users have allowed stays. */
    rotateSecret: (app: PortalApp): void => keep({ ...app, secretHash: issueSecret(app.clientId) }),

    /** The secret made last, once. */
    takeNewSecret({ clientId }: PortalApp): string | undefined {
      const secret = newSecrets.get(clientId);
      newSecrets.delete(clientId);
      return secret;
    },

    setHierarchy(app: PortalApp, hierarchy: PortalApp['hierarchy']): void {
      keep({ ...app, hierarchy });
      const own = zocks.apps.find(app.clientId);
      if (app.platform === 'zocks' && own) zocks.apps.setHierarchy(own, hierarchy);
    },

    /** Ends everything that was allowed; a marketplace bot is removed from every account. */
    remove(app: PortalApp): void {
      if (app.platform === 'zocks') {
        zocks.apps.remove(app);
        return;
      }
      unregisterClient(zendesk, app.clientId);
      state.bots.delete(app.clientId);
    },

    /** What people have allowed it. */
    listGrants: (app: PortalApp): Grant[] => zocks.apps.listGrants(app),

    /** How many people, or accounts of Zendesk, have it. */
    countUsers: ({ clientId, platform }: PortalApp): number =>
      platform === 'zendesk'
        ? listInstallationsOf(zendesk.state, clientId).length
        : new Set(zocks.tokens.grantsTo(clientId).map(({ userId }) => userId)).size,
  };
}
