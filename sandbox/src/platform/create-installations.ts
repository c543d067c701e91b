import { createHmac, randomBytes } from 'node:crypto';
import type { Deliveries } from '../deliveries/create-deliveries.ts';
import type { Changes } from '../state/changes.ts';
import type { Account, Installation } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { newId } from '../state/values.ts';
import type { Switchboard } from './create-switchboard.ts';
import { defaultMemberId } from './switchboard-members.ts';

interface InstallationsOptions {
  state: State;
  changes: Changes;
  switchboard: Switchboard;
  deliveries: Pick<Deliveries, 'callRemoveUrl'>;
  /** Ends every access token. */
  worldSuffix: string;
}

export type Installations = ReturnType<typeof createInstallations>;

export function createInstallations(options: InstallationsOptions) {
  const { state, changes, switchboard, deliveries, worldSuffix } = options;

  function find(account: Account, clientId: string): Installation | undefined {
    return [...state.installations.values()].find(
      (one) => one.account === account.slug && one.clientId === clientId,
    );
  }

  /**
   * The first bot of an account is assigned at once, so that a demo answers. In Zendesk an admin
   * has to assign it.
   */
  function create(account: Account, clientId: string): Installation {
    const installation = {
      id: newId(),
      account: account.slug,
      clientId,
      switchboardIntegrationId: newId(),
      installedAt: new Date().toISOString(),
    };
    state.installations.set(installation.id, installation);
    account.assignedInstallationId ??= installation.id;
    return installation;
  }

  const listOfClient = (clientId: string): Installation[] =>
    [...state.installations.values()].filter((one) => one.clientId === clientId);

  /** Revoking by API and removing in Admin Center are the same: all of it goes, then the partner is told. */
  function remove(account: Account, installation: Installation) {
    state.installations.delete(installation.id);
    deleteWhere(state.tokens, (installationId) => installationId === installation.id);
    deleteWhere(state.webhooks, (webhook) => webhook.installationId === installation.id);
    if (account.assignedInstallationId === installation.id) account.assignedInstallationId = null;
    for (const conversation of state.conversations.values()) {
      if (conversation.activeId === installation.switchboardIntegrationId) {
        switchboard.assignSilently(conversation, defaultMemberId(state, account));
      }
    }
    changes.announce({ account: account.slug });
    const removeUrl = state.clients.get(installation.clientId)?.removeUrl;
    const body = { appId: account.appId, integrationId: installation.id };
    if (removeUrl) deliveries.callRemoveUrl(removeUrl, body);
  }

  return {
    find,

    listOfClient,

    listOf(account: Account): Installation[] {
      return [...state.installations.values()].filter((one) => one.account === account.slug);
    },

    /**
     * Installs the client and returns a new access token. A client installed before keeps its
     * integration, and its older tokens keep working until the integration is removed:
     * undocumented, our choice.
     */
    install(account: Account, clientId: string) {
      const installation = find(account, clientId) ?? create(account, clientId);
      const accessToken = `${issueAccessToken({ appId: account.appId, clientId })}${worldSuffix}`;
      state.tokens.set(accessToken, installation.id);
      changes.announce({ account: account.slug });
      return { installation, accessToken };
    },

    /** The bot that gets the account's new conversations. */
    assign(account: Account, installation: Installation) {
      account.assignedInstallationId = installation.id;
      changes.announce({ account: account.slug });
    },

    remove,

    /** The client itself is deleted: every account loses it. */
    removeClient(clientId: string): void {
      for (const installation of listOfClient(clientId)) {
        const account = state.accounts.get(installation.account);
        if (account) remove(account, installation);
      }
    },
  };
}

function deleteWhere<V>(map: Map<string, V>, matches: (value: V) => boolean) {
  for (const [key, value] of map) if (matches(value)) map.delete(key);
}

/**
 * A token that looks like the platform's: a JWT without expiry, signed with a key nobody keeps,
 * because clients have to treat it as opaque.
 */
export function issueAccessToken({ appId, clientId }: { appId: string; clientId: string }): string {
  const header = { alg: 'HS256', typ: 'JWT', kid: `app_${newId()}`, azp: clientId };
  const payload = { scope: 'integration', appId, iat: Math.floor(Date.now() / 1000) };
  const signed = `${encode(header)}.${encode(payload)}`;
  const signature = createHmac('sha256', randomBytes(32)).update(signed).digest('base64url');
  return `${signed}.${signature}`;
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
