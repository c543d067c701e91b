import { describeFailure } from '../classify.ts';
import { findProvider, type ConnectionsContext } from '../context.ts';
import { CustomForm, readForm, TypedForm, type CustomInput } from './forms.ts';
import { recordFailure, recordSuccess, testedSoon } from '../health/health.ts';
import type { Failure, Identity, Provider, Tokens } from '../provider.ts';
import {
  createConnection,
  NAME_TAKEN,
  type AddResult,
  type EditForm,
  type EditResult,
  type NewForm,
  type Refused,
} from './save.ts';
import { connectionOwner, type Connection } from '../store/schema.ts';
import { CLIENT_SECRET, forgetTokens, holdTokens, keepTokens } from '../tokens/tokens.ts';

/** What came of credentials that are stored nowhere yet. */
interface Trial {
  tokens?: Tokens | undefined;
  identity?: Identity | null;
  failure?: Failure;
}

/**
 * Adds a connection with the account's own credentials, which are tried first: unless its owner says
 * otherwise, nothing is kept of what does not work.
 */
export async function addCustom(context: ConnectionsContext, sent: NewForm): Promise<AddResult> {
  const form = readForm(CustomForm, sent.body);
  if (!form.ok) return form;
  const { name } = form.values;
  const all = await context.connections.list(sent.installation.id);
  if (all.some((other) => other.name === name)) return NAME_TAKEN;
  const trial = await tryCredentials(sent.provider, form.values);
  if (!isKept(trial, sent.body)) return refuse(trial, 'saved');
  const connection = await createConnection(context, sent, {
    name,
    auth_type: 'custom',
    oauth_client_id: null,
    status: 'connected',
    reason: null,
    check_at: testedSoon(context.now()),
  });
  if (connection === undefined) return NAME_TAKEN;
  await keepCredentials(context, connection, form.values, trial);
  return { ok: true, connection };
}

/**
 * Replaces the credentials of a `custom` connection, after the new ones were tried.
 * @throws a unique violation when the installation has a connection of that name.
 */
export async function editCustom(
  context: ConnectionsContext,
  { connection, body, actor }: EditForm,
): Promise<EditResult> {
  const form = readForm(CustomForm, body);
  if (!form.ok) return form;
  const { name, accountId, clientId, hostUser } = form.values;
  const { concurrency = connection.concurrency } = form.values;
  const trial = await tryCredentials(findProvider(context, connection.provider), form.values);
  if (!isKept(trial, body)) return refuse(trial, 'changed');
  await keepCredentials(context, connection, form.values, trial);
  await context.connectionHistory.add(connection.id, {
    actor,
    text: 'Edited, with the client secret entered again.',
    changes: [
      { field: 'Name', from: connection.name, to: name },
      { field: 'Account id', from: connection.account_id, to: accountId },
      { field: 'Client id', from: connection.client_id, to: clientId },
      {
        field: 'Calls at once',
        from: `${connection.concurrency}`,
        to: `${concurrency}`,
      },
      { field: 'Host', from: connection.host_user, to: hostUser },
    ],
  });
  return { ok: true, needsAuthorization: false };
}

/** Gets a token with the credentials and makes the provider's test call with it. */
async function tryCredentials(provider: Provider, input: CustomInput): Promise<Trial> {
  const trial: Trial = {};
  try {
    trial.tokens = await provider.requestAccess?.(input, input.accountId);
    if (trial.tokens === undefined) throw new Error(`${provider.name} has no custom connections.`);
    trial.identity = await provider.test({
      accessToken: trial.tokens.accessToken,
      apiUrl: trial.tokens.apiUrl ?? null,
      authType: 'custom',
      hostUser: input.hostUser,
    });
  } catch (error) {
    const failure = describeFailure(provider, error);
    if (failure === undefined) throw error;
    trial.failure = failure;
  }
  return trial;
}

/** Without asking, or because its owner wants it: a missing scope is put right later. */
function isKept({ failure }: Trial, body: unknown): boolean {
  const isUsable = failure === undefined || failure.kind === 'scope';
  return isUsable || TypedForm.parse(body).keepIfFailing !== '';
}

function refuse({ failure }: Trial, done: 'saved' | 'changed'): Refused {
  const problem = `The test was not successful, so nothing was ${done}. ${failure?.reason}`;
  return { ok: false, errors: {}, problem };
}

/** Stores credentials together with what their trial gave. */
async function keepCredentials(
  context: ConnectionsContext,
  connection: Connection,
  input: CustomInput,
  { tokens, identity = null, failure }: Trial,
): Promise<void> {
  const { id } = connection;
  await holdTokens(context, id, async () => {
    await context.connections.update(id, {
      name: input.name,
      ...(input.concurrency === undefined ? {} : { concurrency: input.concurrency }),
      account_id: input.accountId,
      client_id: input.clientId,
      host_user: input.hostUser,
      connected_at: context.now(),
      last_tested_at: context.now(),
    });
    await context.secrets.put(connectionOwner(id), CLIENT_SECRET, input.clientSecret);
    if (tokens === undefined) await forgetTokens(context, id);
    else await keepTokens(context, id, tokens);
  });
  if (failure === undefined) await recordSuccess(context, connection, { identity });
  else await recordFailure(context, connection, failure);
}
