import { randomBytes } from 'node:crypto';
import type { Core } from '../../core.ts';
import type { TokenMembers } from '../../oauth/token-answer.ts';
import type { Installation } from '../../store/schema.ts';
import { ACCESS_TOKEN, installationOwner } from '../../store/secrets/secrets.ts';

/** How long a permission may be unknown to some of Zendesk's servers. */
export const PERMISSION_SPREADS_MS = 60_000;

/**
 * Zendesk's access token has no end and comes alone, as far as it is documented (OpenAPI GetToken). Should
 * one of these come with it, it is kept as it is until a version that can use it; the doctor says so.
 */
export const UNDOCUMENTED = ['refresh_token', 'expires_in'] as const;

/**
 * Keeps the token, and what came with it, before anything else can fail, in place of the one that this
 * owner did not get further with. Returns the installation's id.
 */
export async function keepTokens(core: Core, answer: TokenMembers, ownerId: string) {
  // One that began just now may be another tab's, for another account, and still under way.
  const unfinished = await findUnfinished(core, ownerId, core.now() - PERMISSION_SPREADS_MS);
  const id = unfinished ?? randomBytes(16).toString('hex');
  if (unfinished === undefined) await core.installations.create(id, 'Zendesk account');
  // With a new permission its time begins anew.
  else await core.installations.setStatus(id, ['installing'], 'installing');
  await core.secrets.put(installationOwner(id), ACCESS_TOKEN, answer.access_token);
  await keepUndocumented(core, id, answer);
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
  { secrets, log }: Pick<Core, 'secrets' | 'log'>,
  installationId: string,
  answer: Pick<TokenMembers, (typeof UNDOCUMENTED)[number]>,
): Promise<void> {
  const owner = installationOwner(installationId);
  for (const member of UNDOCUMENTED) await secrets.remove(owner, member);
  const members = UNDOCUMENTED.filter((member) => answer[member] !== undefined);
  for (const member of members) await secrets.put(owner, member, String(answer[member]));
  const text = 'Zendesk now sends more with its token; it is kept.';
  if (members.length > 0) log.warn({ installationId, members }, text);
}
