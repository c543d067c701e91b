import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { InstallationStore } from '../../store/tables/installations.ts';
import { ACCESS_TOKEN, installationOwner, type SecretStore } from '../../store/secrets/secrets.ts';
import type { Installation } from '../../store/schema.ts';
import { isTokenRejected } from '../../remote-error.ts';
import { checkSubdomain } from '../../zendesk/urls.ts';
import type { Zendesk } from '../../zendesk/client.ts';

export interface TokenLooks {
  installations: InstallationStore;
  secrets: SecretStore;
  activityLog: ActivityLog;
  zendesk: Pick<Zendesk, 'getTokenInfo'>;
}

/**
 * Asks Zendesk's bridge about an installation's token. Returns whether Zendesk accepts it; if the account
 * has another subdomain by now, that is stored: "renaming your subdomain takes effect immediately", without
 * a redirect (Zendesk help, "Renaming your subdomain").
 * @throws RemoteError without a clear answer.
 */
export async function lookAtToken(
  { installations, secrets, activityLog, zendesk }: TokenLooks,
  { id, subdomain }: Installation,
): Promise<boolean> {
  const token = await secrets.get(installationOwner(id), ACCESS_TOKEN);
  if (token === undefined) return false;
  let account;
  try {
    account = await zendesk.getTokenInfo(token);
  } catch (error) {
    if (isTokenRejected(error)) return false;
    throw error;
  }
  if (account.subdomain && account.subdomain !== subdomain) {
    const renamed = checkSubdomain(account.subdomain);
    await installations.update(id, { subdomain: renamed });
    const text = `Zendesk has this account at ${renamed} now; before it was at ${subdomain ?? 'no subdomain'}.`;
    await activityLog.add(id, 'account', text);
  }
  return true;
}
