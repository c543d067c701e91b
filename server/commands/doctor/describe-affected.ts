import type { Reader } from '../../store/open-for-reading.ts';

const NAMED = 5;

/** Whose secrets lie under a key, in words. */
export async function describeAffected({ kysely }: Reader, keyId: string): Promise<string> {
  const rows = await kysely
    .selectFrom('secrets')
    .leftJoin('installations', 'installations.id', 'secrets.installation_id')
    .leftJoin('connections', 'connections.id', 'secrets.connection_id')
    .leftJoin('oauth_clients', 'oauth_clients.id', 'secrets.oauth_client_id')
    .select([
      'installations.display_name as installation',
      'connections.name as connection',
      'oauth_clients.name as client',
    ])
    .distinct()
    .where('secrets.key_id', '=', keyId)
    .execute();
  const names = rows.map(({ installation, connection, client }) => {
    if (installation !== null) return `installation “${installation}”`;
    return connection === null ? `OAuth client “${client ?? '?'}”` : `connection “${connection}”`;
  });
  const more = names.length - NAMED;
  return [...names.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
