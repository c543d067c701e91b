import type { Core } from '../../core.ts';
import { isTokenRejected } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import { ACCESS_TOKEN, installationOwner } from '../../store/secrets/secrets.ts';
import { checkSubdomain } from '../../zendesk/urls.ts';

export type LookNeeds = Pick<Core, 'installations' | 'secrets'> & {
  zendesk: Pick<Core['zendesk'], 'getTokenInfo'>;
  observe: Pick<Core['observe'], 'note'>;
};

/**
 * Asks Zendesk's bridge about an installation's token. Returns whether Zendesk accepts it; if the account
 * has another subdomain by now, that is stored: "renaming your subdomain takes effect immediately", without
 * a redirect (Zendesk help, "Renaming your subdomain").
 * @throws RemoteError without a clear answer.
 */
export async function lookAtToken(
  { installations, secrets, observe, zendesk }: LookNeeds,
  { id, subdomain }: Pick<Installation, 'id' | 'subdomain'>,
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
    await observe.note(id, 'account', text);
  }
  return true;
}
