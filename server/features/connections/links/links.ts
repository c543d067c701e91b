import { randomBytes, randomUUID } from 'node:crypto';
import { AppError } from '../../../errors.ts';
import { hash } from '../../../oauth/attempts.ts';
import type { Installation } from '../../../store/schema.ts';
import { CONNECTED } from '../../../store/tables/installations.ts';
import type { ConnectionsContext } from '../context.ts';
import { paths } from '../pages/paths.ts';
import type { Connection, ReconnectLink } from '../store/schema.ts';

/** "Valid a day": long enough for somebody in another time zone. */
const LIFETIME_MS = 24 * 60 * 60_000;

/** Makes the one address with which somebody without access to the account can authorize a connection. */
export async function createLink(
  { reconnectLinks, connectionHistory, config, now }: ConnectionsContext,
  connection: Connection,
  { actor, askedBy }: { actor: string; askedBy: string },
): Promise<{ url: string; expiresAt: number }> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = now() + LIFETIME_MS;
  await reconnectLinks.create({
    id: randomUUID(),
    connection_id: connection.id,
    token_hash: hash(token),
    created_by: actor,
    asked_by: askedBy,
    expires_at: expiresAt,
  });
  await connectionHistory.add(connection.id, { actor, text: 'Made a reconnect link.' });
  return { url: `${config.publicUrl}${paths.link(token)}`, expiresAt };
}

interface UsableLink {
  link: ReconnectLink;
  connection: Connection;
  installation: Installation;
}

/**
 * What a link is for, as long as it may be used: in time, once, while the connection is on and whoever made it has
 * access to the account.
 * @throws AppError `link_unusable`, for whatever reason: it tells a stranger nothing.
 */
export async function admitLink(
  context: ConnectionsContext,
  link: ReconnectLink | undefined,
): Promise<UsableLink> {
  const { connections, installations, installationOwners, now } = context;
  const isOpen = link !== undefined && link.used_at === null && link.expires_at > now();
  const connection = isOpen ? await connections.find(link.connection_id) : undefined;
  const installation = connection && (await installations.find(connection.installation_id));
  const isGood =
    isOpen &&
    connection?.status !== 'disabled' &&
    installation !== undefined &&
    CONNECTED.includes(installation.status) &&
    (await installationOwners.owns(link.created_by, installation.id));
  if (isGood && connection !== undefined) return { link, connection, installation };
  const text = 'This link has been used, has expired or was replaced by a newer one.';
  const hint = 'Ask whoever sent it to you for a new one.';
  throw new AppError('link_unusable', text, hint, { status: 410 });
}
