import type { ConnectionStore } from './store/connections.ts';
import { NAME_TAKEN, type AddResult, type NewConnectionForm } from './add-with-client.ts';
import type { CreateConnection } from './create-connection.ts';
import { CustomForm, readForm, TypedForm } from './forms.ts';
import type { KeepCustom } from './keep-custom.ts';
import { isUsable, tryCredentials } from './try-credentials.ts';

/**
 * Adds a connection with the account's own credentials, which are tried first: unless its owner says
 * otherwise, nothing is kept of what does not work.
 */
export function createAddCustom(options: {
  connections: ConnectionStore;
  createConnection: CreateConnection;
  keepCustom: KeepCustom;
}): (form: NewConnectionForm) => Promise<AddResult> {
  return async ({ installation, provider, body, actor }) => {
    const form = readForm(CustomForm, body);
    if (!form.ok) return form;
    const { name } = form.values;
    const all = await options.connections.list(installation.id);
    if (all.some((other) => other.name === name)) return { ok: false, errors: NAME_TAKEN };
    const trial = await tryCredentials(provider, form.values);
    const isKept = isUsable(trial) || TypedForm.parse(body).keepIfFailing !== '';
    if (!isKept) {
      const problem = `The test was not successful, so nothing was saved. ${trial.failure?.reason}`;
      return { ok: false, errors: {}, problem };
    }
    const connection = await options.createConnection(
      {
        installation_id: installation.id,
        provider: provider.id,
        name,
        auth_type: 'custom',
        oauth_client_id: null,
        status: 'connected',
        reason: null,
      },
      actor,
    );
    if (connection === undefined) return { ok: false, errors: NAME_TAKEN };
    await options.keepCustom(connection, form.values, trial);
    return { ok: true, connection };
  };
}
