import type { Grant } from '../../oauth/token-state.ts';
import { keepClient, unregisterClient } from '../../platform/clients.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { listInstallationsOf } from '../../platform/installations.ts';
import type { Client } from '../../state/records.ts';
import { hashSecret, newSecret } from '../../state/registered-app.ts';
import type { Zocks } from '../zocks/create-zocks.ts';
import { explainNotEnabled } from '../zocks/permissions.ts';
import { FIRST_ACCOUNT_ID } from '../zocks/zocks-state.ts';
import type { Owned, Person, ZocksApp } from '../zocks/zocks-state.ts';
import type { PortalApp, PortalState } from './portal-state.ts';

interface AppsOptions {
  state: PortalState;
  zocks: Zocks;
  zendesk: Platform;
}

export type Apps = ReturnType<typeof createApps>;
/** What people enter of an app. */
export type AppContent = Omit<
  PortalApp,
  keyof Owned | 'clientId' | 'secretHash' | 'isEnabled' | 'platform'
>;

/** What an app of Zocks does not have. */
const NO_BOT = { installUrl: '', removeUrl: '', configurationUrl: '', testAccount: '' };

/** The apps that people manage, in two registries: that of Zocks and that of Zendesk, which it only writes into. */
export function createApps({ state, zocks, zendesk }: AppsOptions) {
  const { clients } = zendesk.state;
  /** Not shown yet. They are kept nowhere else. */
  const newSecrets = new Map<string, string>();

  function ofZendesk({
    disabled,
    installUrl = '',
    testAccount = '',
    ...client
  }: Client): PortalApp {
    const { accountId, hierarchy } = state.bots.get(client.clientId) ?? {
      accountId: FIRST_ACCOUNT_ID,
      hierarchy: 'off',
    };
    const own = { accountId, hierarchy, scopes: [], isEnabled: disabled === null };
    return { ...client, ...own, installUrl, testAccount, platform: 'zendesk' };
  }

  const ofZocks = (app: ZocksApp): PortalApp => ({ ...app, ...NO_BOT, platform: 'zocks' });

  function find(clientId: string): PortalApp | undefined {
    const bot = clients.get(clientId);
    const app = zocks.apps.find(clientId);
    return bot ? ofZendesk(bot) : app && ofZocks(app);
  }

  /** Writes it into the registry of where it works. */
  function keep(app: PortalApp): void {
    const { clientId, secretHash, details, redirectUris, accountId, hierarchy } = app;
    const registered = { clientId, secretHash, details, redirectUris };
    if (app.platform === 'zocks') {
      const { scopes, isEnabled } = app;
      zocks.apps.keep({ ...registered, accountId, hierarchy, scopes, isEnabled });
      return;
    }
    state.bots.set(clientId, { clientId, accountId, hierarchy });
    const { installUrl, removeUrl, configurationUrl, testAccount } = app;
    keepClient(zendesk, {
      ...registered,
      ...(installUrl !== '' && { installUrl }),
      ...(testAccount !== '' && { testAccount }),
      removeUrl,
      configurationUrl,
      disabled: explainNotEnabled(zocks.state, app) ?? null,
    });
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

    /** Not enabled; its secret waits for `takeNewSecret`. Throws 429 when there are as many as may be. */
    create({ accountId }: Person, platform: PortalApp['platform'], content: AppContent): PortalApp {
      zocks.apps.checkRoom(state.bots.size);
      const clientId = zocks.apps.newClientId();
      const own = { accountId, hierarchy: 'off', isEnabled: false } as const;
      const app = { ...content, ...own, clientId, secretHash: issueSecret(clientId), platform };
      keep(app);
      return app;
    },

    update: (app: PortalApp, content: AppContent): void => keep({ ...app, ...content }),

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
