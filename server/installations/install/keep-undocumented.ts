import type { Log } from '../../log.ts';
import { expiryOf, type Tokens } from '../../oauth/token-answer.ts';
import type { SecretStore } from '../../store/secrets/secrets.ts';
import { installationOwner } from '../../store/secrets/secret-owners.ts';

/**
 * Zendesk's access token has no end and comes alone, as far as it is documented (OpenAPI GetToken). Should
 * one of these come with it, it is kept under this field until a version that can use it; the doctor says so.
 */
export const UNDOCUMENTED = {
  refresh_token: 'refresh_token',
  expires_in: 'access_token_expires_at',
} as const;

/** Keeps what came with an installation's token, and forgets what came with the one before. */
export async function keepUndocumented(
  { secrets, log, now }: { secrets: SecretStore; log: Log; now: () => number },
  installationId: string,
  { refreshToken, expiresInMs }: Tokens,
): Promise<void> {
  const owner = installationOwner(installationId);
  const values = {
    refresh_token: refreshToken,
    expires_in: expiryOf(now(), expiresInMs)?.toString(),
  };
  const came: string[] = [];
  for (const member of ['refresh_token', 'expires_in'] as const) {
    const value = values[member];
    if (value === undefined) await secrets.remove(owner, UNDOCUMENTED[member]);
    else {
      came.push(member);
      await secrets.put(owner, UNDOCUMENTED[member], value);
    }
  }
  if (came.length > 0)
    log.warn(
      { installationId, members: came },
      'Zendesk now sends more with its token; it is kept.',
    );
}
