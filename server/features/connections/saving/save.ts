import { randomUUID } from 'node:crypto';
import type { Installation } from '../../../store/schema.ts';
import type { ConnectionsContext } from '../context.ts';
import type { FieldErrors } from './forms.ts';
import type { Provider } from '../provider.ts';
import type { NewConnection } from '../store/connections.ts';
import { isUniqueViolation, type Connection } from '../store/schema.ts';

/** What a form of a connection was sent with. */
interface SentForm {
  body: unknown;
  /** The browser's owner id, for the history. */
  actor: string;
}

export interface NewForm extends SentForm {
  installation: Installation;
  provider: Provider;
}

export interface EditForm extends SentForm {
  connection: Connection;
}

export type Refused = { ok: false; errors: FieldErrors; problem?: string };
export type AddResult = { ok: true; connection: Connection } | Refused;
export type EditResult = { ok: true; needsAuthorization: boolean } | Refused;

export const NAME_TAKEN: Refused = {
  ok: false,
  errors: { name: 'A connection of this name exists. Choose another.' },
};

/** Undefined when the account has a connection of that name. */
export async function createConnection(
  { connections, connectionHistory, observe }: ConnectionsContext,
  { installation, provider, actor }: NewForm,
  given: Pick<
    NewConnection,
    'name' | 'auth_type' | 'oauth_client_id' | 'status' | 'reason' | 'check_at'
  >,
): Promise<Connection | undefined> {
  try {
    const connection = await connections.create({
      ...given,
      id: randomUUID(),
      installation_id: installation.id,
      provider: provider.id,
      account_id: null,
      client_id: null,
      host_user: null,
    });
    await connectionHistory.add(connection.id, { actor, text: 'Created.' });
    const line = `The connection “${connection.name}” was added.`;
    await observe.note(installation.id, 'connection', line);
    return connection;
  } catch (error) {
    if (isUniqueViolation(error)) return undefined;
    throw error;
  }
}
