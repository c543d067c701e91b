import { isTokenRejected, RemoteError } from '../remote-error.ts';
import type { Installation } from '../store/schema.ts';
import { installationOwner, type SecretStore } from '../store/secrets/secrets.ts';
import type { ActivityStore } from '../store/tables/activity.ts';
import type { InstallationStore } from '../store/tables/installations.ts';
import { checkSubdomain } from './base-url.ts';
import { ACCESS_TOKEN } from './open-account.ts';
import type { TokenInfoCalls } from './token-info.ts';

export interface LookNeeds {
  installations: InstallationStore;
  secrets: SecretStore;
  activity: ActivityStore;
  zendesk: { tokenInfo: TokenInfoCalls };
}

/** After a call failed: the subdomain to try again at; undefined when it failed for another reason. */
export type FollowAccount = (
  installation: Installation,
  error: unknown,
) => Promise<string | undefined>;

/** What a look has shown is believed for this long, whatever else fails. */
const BELIEVED_MS = 10_000;
/** More accounts than that hardly fail in ten seconds. */
const REMEMBERED = 1_000;

/**
 * Finds accounts again that were renamed. Whatever an account's address says of it counts only while it is
 * the account's: so the bridge is asked first, once at a time and for all calls that fail meanwhile.
 */
export function createFollowAccount(options: LookNeeds & { now: () => number }): FollowAccount {
  const { installations, now } = options;
  const looks = new Map<string, { until: number; isClear: Promise<boolean> }>();

  /** Returns whether the bridge has given a clear answer. */
  function look(installation: Installation): Promise<boolean> {
    const { id } = installation;
    const last = looks.get(id);
    if (last !== undefined && last.until > now()) return last.isClear;
    if (looks.size >= REMEMBERED) looks.clear();
    const isClear = lookAtToken(options, installation).then(
      () => true,
      () => false,
    );
    looks.set(id, { until: now() + BELIEVED_MS, isClear });
    return isClear;
  }

  return async (installation, error) => {
    if (!mayHaveMoved(error)) return undefined;
    const { id, subdomain: used } = installation;
    // Another call, or another instance, may have found it already.
    const known = await installations.find(id);
    if (known === undefined) return undefined;
    const isClear = known.subdomain !== used || (await look(known));
    const { subdomain } = (await installations.find(id)) ?? known;
    if (subdomain !== null && subdomain !== used) return subdomain;
    if (isClear) return undefined;
    const reason = 'Zendesk could not be asked whether the account has moved';
    throw new RemoteError(error.operation, { reason, cause: error });
  };
}

function mayHaveMoved(error: unknown): error is RemoteError {
  if (!(error instanceof RemoteError)) return false;
  // Which of them a token gets at an address that is another account's by now is not documented.
  return error.isMisdirected || [401, 403, 404, 410].includes(error.status ?? 0);
}

/**
 * Asks Zendesk's bridge about an installation's token. Returns whether Zendesk accepts it; if the account
 * has another subdomain by now, that is stored: "renaming your subdomain takes effect immediately", without
 * a redirect (Zendesk help, "Renaming your subdomain").
 * @throws RemoteError without a clear answer.
 */
export async function lookAtToken(
  { installations, secrets, activity, zendesk }: LookNeeds,
  { id, subdomain }: Installation,
): Promise<boolean> {
  const token = await secrets.get(installationOwner(id), ACCESS_TOKEN);
  if (token === undefined) return false;
  let account;
  try {
    account = await zendesk.tokenInfo.getTokenInfo(token);
  } catch (error) {
    if (isTokenRejected(error)) return false;
    throw error;
  }
  if (account.subdomain && account.subdomain !== subdomain) {
    const renamed = checkSubdomain(account.subdomain);
    await installations.update(id, { subdomain: renamed });
    const text = `Zendesk has this account at ${renamed} now; before it was at ${subdomain ?? 'no subdomain'}.`;
    await activity.add(id, 'account', text);
  }
  return true;
}
