import type { RequestHandler } from 'express';
import type { ConnectionStore } from './store/connections.ts';
import { isUniqueViolation } from '../../store/engines/database.ts';
import { ensureOwnerId, flash } from '../../web/sessions.ts';
import { NAME_TAKEN } from './add-with-client.ts';
import type { EditForm, EditResult } from './edit-custom.ts';
import type { FindOwnedConnection } from './find-owned-connection.ts';
import { flashOutcome } from './flash-outcome.ts';
import { paths } from './paths.ts';
import type { ShowConnection } from './show-connection.ts';
import { startAuthorization } from './start-authorization.ts';

/** The edit form of a connection was sent. */
export function createEditConnection(options: {
  findOwnedConnection: FindOwnedConnection;
  connections: ConnectionStore;
  editWithClient: (form: EditForm) => Promise<EditResult>;
  editCustom: (form: EditForm) => Promise<EditResult>;
  show: ShowConnection;
}): RequestHandler {
  async function edit(form: EditForm): Promise<EditResult> {
    const isCustom = form.connection.auth_type === 'custom';
    try {
      return await (isCustom ? options.editCustom(form) : options.editWithClient(form));
    } catch (error) {
      if (isUniqueViolation(error)) return { ok: false, errors: NAME_TAKEN };
      throw error;
    }
  }

  return async (request, response) => {
    const at = await options.findOwnedConnection(request);
    const { installation, connection } = at;
    const body: unknown = request.body;
    const result = await edit({ connection, body, actor: ensureOwnerId(request) });
    if (!result.ok) return options.show(request, response, at, { body, ...result });
    const edited = (await options.connections.find(connection.id)) ?? connection;
    if (result.needsAuthorization) return startAuthorization(request, response, edited);
    if (edited.auth_type === 'custom') flashOutcome(request, edited);
    else flash(request, 'ok', 'Saved.');
    response.redirect(303, paths.one(installation.id, connection.id));
  };
}
