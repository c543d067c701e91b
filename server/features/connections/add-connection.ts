import type { RequestHandler } from 'express';
import { AppError } from '../../errors.ts';
import type { FindOwned } from '../../installations/find-owned.ts';
import { ensureOwnerId } from '../../web/sessions.ts';
import type { AddResult, NewConnectionForm } from './add-with-client.ts';
import { flashOutcome } from './flash-outcome.ts';
import { paths } from './paths.ts';
import type { Provider } from './provider.ts';
import { readChoice, type ShowNewConnection } from './show-new-connection.ts';
import { startAuthorization } from './start-authorization.ts';
import type { ConnectionStore } from './store/connections.ts';

/** The form for a new connection was sent: *Save & authorize*, or *Test & save*. */
export function createAddConnection(options: {
  providers: readonly Provider[];
  findOwned: FindOwned;
  connections: ConnectionStore;
  addWithClient: (form: NewConnectionForm) => Promise<AddResult>;
  addCustom: (form: NewConnectionForm) => Promise<AddResult>;
  showNew: ShowNewConnection;
}): RequestHandler {
  return async (request, response) => {
    const installation = await options.findOwned(request);
    const body: unknown = request.body;
    const choice = readChoice(options.providers, body);
    if (choice === undefined) {
      const hint = 'Go back, reload the page and choose again.';
      throw new AppError('bad_request', 'There is no such kind of connection.', hint);
    }
    const { provider, authType } = choice;
    const add = authType === 'oauth2' ? options.addWithClient : options.addCustom;
    const actor = ensureOwnerId(request);
    const result = await add({ installation, provider, body, actor });
    if (!result.ok) return options.showNew(response, installation, choice, { body, ...result });
    const { id } = result.connection;
    if (authType === 'oauth2') return startAuthorization(request, response, result.connection);
    flashOutcome(request, await options.connections.find(id));
    response.redirect(303, paths.one(installation.id, id));
  };
}
