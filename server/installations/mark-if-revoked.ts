import type { ActivityStore } from '../store/activity.ts';
import type { InstallationStore } from '../store/installations.ts';
import { installationOwner, type SecretStore } from '../store/secrets.ts';
import type { Installation } from '../store/schema.ts';
import type { TokenInfoCalls } from '../zendesk/token-info.ts';
import { RemoteError } from '../remote-error.ts';
import { ACCESS_TOKEN } from './open-account.ts';

/** Whether Zendesk still accepts the installation's token. @throws RemoteError without a clear answer. */
export type ProbeToken = (installation: Installation) => Promise<boolean>;

export function createProbeToken({
  secrets,
  tokenInfo,
}: {
  secrets: SecretStore;
  tokenInfo: TokenInfoCalls;
}): ProbeToken {
  return async ({ id }) => {
    const token = await secrets.get(installationOwner(id), ACCESS_TOKEN);
    return token !== undefined && (await tokenInfo.isTokenValid(token));
  };
}

/**
 * After a call was answered 401: asks tokenInfo whether the token is really dead, and if so marks the
 * installation revoked. A remove callback may get lost; this is how we notice all the same.
 */
export function createMarkIfRevoked(options: {
  probeToken: ProbeToken;
  installations: InstallationStore;
  activity: ActivityStore;
}): (installation: Installation) => Promise<boolean> {
  return async (installation) => {
    const accepted = await options.probeToken(installation).catch((error: unknown) => {
      // No clear answer is no reason to give the account up.
      if (error instanceof RemoteError) return true;
      throw error;
    });
    if (accepted) return false;
    if (await options.installations.setStatus(installation.id, ['active'], 'revoked')) {
      const text =
        'Zendesk no longer accepts our token: the bot was removed there. Reconnect to go on.';
      await options.activity.add(installation.id, 'revoked', text);
    }
    return true;
  };
}
