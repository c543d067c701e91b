import { randomBytes } from 'node:crypto';
import type { Core } from '../../core.ts';
import { expiryOf, type Tokens } from '../../oauth/token-answer.ts';
import type { Installation } from '../../store/schema.ts';
import { ACCESS_TOKEN, installationOwner } from '../../store/secrets/secrets.ts';

/** How long a permission may be unknown to some of Zendesk's servers. */
export const PERMISSION_SPREADS_MS = 60_000;

/**
 * Zendesk's access token has no end and comes alone, as far as it is documented (OpenAPI GetToken). Should
 * one of these come with it, it is kept under this field until a version that can use it; the doctor says so.
 */
export const UNDOCUMENTED = {
  refresh_token: 'refresh_token',
  expires_in: 'access_token_expires_at',
} as const;

/**
 * Keeps the token, and what came with it, before anything else can fail, in place of the one that this
 * owner did not get further with. Returns the installation's id.
 */
export async function keepTokens(core: Core, tokens: Tokens, ownerId: string): Promise<string> {
  // One that began just now may be another tab's, for another account, and still under way.
  const unfinished = await findUnfinished(core, ownerId, core.now() - PERMISSION_SPREADS_MS);
  const id = unfinished ?? randomBytes(16).toString('hex');
  if (unfinished === undefined) await core.installations.create(id, 'Zendesk account');
  // With a new permission its time begins anew.
  else await core.installations.setStatus(id, ['installing'], 'installing');
  await core.secrets.put(installationOwner(id), ACCESS_TOKEN, tokens.accessToken);
  await keepUndocumented(core, id, tokens);
  core.observe.step({ key: 'token-kept' });
  return id;
}

/** Returns the id of the owner's installation whose account is not known yet. */
export async function findUnfinished(
  { installations }: Pick<Core, 'installations'>,
  ownerId: string,
  begunBefore = Infinity,
): Promise<string | undefined> {
  const owned = await installations.listOwnedBy(ownerId);
  const isIt = (one: Installation) => one.status === 'installing' && one.status_at < begunBefore;
  return owned.find(isIt)?.id;
}

/** Keeps what came with an installation's token, and deletes what came with the one before. */
export async function keepUndocumented(
  { secrets, log, now }: Pick<Core, 'secrets' | 'log' | 'now'>,
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
  const text = 'Zendesk now sends more with its token; it is kept.';
  if (came.length > 0) log.warn({ installationId, members: came }, text);
}
