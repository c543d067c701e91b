import type { ConnectionHistory } from './store/connection-history.ts';
import type { FindProvider } from './find-provider.ts';
import { CustomForm, readForm, TypedForm, type FieldErrors } from './forms.ts';
import type { KeepCustom } from './keep-custom.ts';
import { listChanges } from './list-changes.ts';
import { isUsable, tryCredentials } from './try-credentials.ts';
import type { Connection } from './store/schema.ts';

export interface EditForm {
  connection: Connection;
  body: unknown;
  /** The browser's owner id, for the history. */
  actor: string;
}

export type EditResult =
  { ok: true; needsAuthorization: boolean } | { ok: false; errors: FieldErrors; problem?: string };

/** Replaces the credentials of a `custom` connection, after the new ones were tried. */
export function createEditCustom(options: {
  findProvider: FindProvider;
  history: ConnectionHistory;
  keepCustom: KeepCustom;
}): (form: EditForm) => Promise<EditResult> {
  return async ({ connection, body, actor }) => {
    const form = readForm(CustomForm, body);
    if (!form.ok) return form;
    const { name, accountId, clientId, hostUser } = form.values;
    const trial = await tryCredentials(options.findProvider(connection.provider), form.values);
    if (!isUsable(trial) && TypedForm.parse(body).keepIfFailing === '') {
      const problem = `The test was not successful, so nothing was changed. ${trial.failure?.reason}`;
      return { ok: false, errors: {}, problem };
    }
    await options.keepCustom(connection, form.values, trial);
    const changes = listChanges([
      { field: 'Name', from: connection.name, to: name },
      { field: 'Account id', from: connection.account_id, to: accountId },
      { field: 'Client id', from: connection.client_id, to: clientId },
      { field: 'Host', from: connection.host_user, to: hostUser },
    ]);
    const text = 'Edited, with the client secret entered again.';
    await options.history.add(connection.id, { actor, text, changes });
    return { ok: true, needsAuthorization: false };
  };
}
