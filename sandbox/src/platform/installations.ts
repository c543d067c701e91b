import { createHmac, randomBytes } from 'node:crypto';
import type { Account, Installation } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { newId } from '../state/values.ts';
import { noteControlChange, REMOVED } from './control-history.ts';
import { setControl } from './conversations/switchboard.ts';
import type { Platform } from './create-platform.ts';
import { defaultMemberId } from './switchboard-members.ts';

type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries' | 'worldSuffix'>;

export function findInstallation(
  state: State,
  account: Account,
  clientId: string,
): Installation | undefined {
  return listInstallations(state, account).find((one) => one.clientId === clientId);
}

export function listInstallations({ installations }: State, account: Account): Installation[] {
  return [...installations.values()].filter((one) => one.account === account.slug);
}

/** In all accounts. */
export function listInstallationsOf({ installations }: State, clientId: string): Installation[] {
  return [...installations.values()].filter((one) => one.clientId === clientId);
}

/**
 * Installs the client and returns a new access token. A client installed before keeps its
 * integration, and its older tokens keep working until the integration is removed:
 * undocumented, our choice.
 */
export function install(
  { state, changes, worldSuffix }: Pick<Needs, 'state' | 'changes' | 'worldSuffix'>,
  account: Account,
  clientId: string,
) {
  const installation =
    findInstallation(state, account, clientId) ?? createInstallation(state, account, clientId);
  const accessToken = `${issueAccessToken({ appId: account.appId, clientId })}${worldSuffix}`;
  state.tokens.set(accessToken, installation.id);
  changes.announce({ account: account.slug });
  return { installation, accessToken };
}

/**
 * The first bot of an account is assigned at once, so that a demo answers. In Zendesk an admin
 * has to assign it.
 */
function createInstallation(state: State, account: Account, clientId: string): Installation {
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

/** The bot that gets the account's new conversations. */
export function assign(
  { changes }: Pick<Needs, 'changes'>,
  account: Account,
  installation: Installation,
): void {
  account.assignedInstallationId = installation.id;
  changes.announce({ account: account.slug });
}

/** Revoking by API and removing in Admin Center are the same: all of it goes, then the partner is told. */
export function uninstall(
  { state, changes, deliveries }: Omit<Needs, 'worldSuffix'>,
  account: Account,
  installation: Installation,
): void {
  state.installations.delete(installation.id);
  deleteWhere(state.tokens, (installationId) => installationId === installation.id);
  deleteWhere(state.webhooks, (webhook) => webhook.installationId === installation.id);
  if (account.assignedInstallationId === installation.id) account.assignedInstallationId = null;
  for (const conversation of state.conversations.values()) {
    if (conversation.activeId === installation.switchboardIntegrationId) {
      setControl({ changes }, conversation, defaultMemberId(state, account));
      noteControlChange(state, conversation, REMOVED);
    }
  }
  changes.announce({ account: account.slug });
  const removeUrl = state.clients.get(installation.clientId)?.removeUrl;
  const body = { appId: account.appId, integrationId: installation.id };
  if (removeUrl) deliveries.callRemoveUrl(removeUrl, body);
}

/** The client itself is deleted: every account loses it. */
export function uninstallEverywhere(needs: Omit<Needs, 'worldSuffix'>, clientId: string): void {
  for (const installation of listInstallationsOf(needs.state, clientId)) {
    const account = needs.state.accounts.get(installation.account);
    if (account) uninstall(needs, account, installation);
  }
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
