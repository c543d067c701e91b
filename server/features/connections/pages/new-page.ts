import type { Response } from 'express';
import type { Installation } from '../../../store/schema.ts';
import type { ConnectionsContext } from '../context.ts';
import type { Provider } from '../provider.ts';
import { TypedForm } from '../saving/forms.ts';
import type { Refused } from '../saving/save.ts';
import type { AuthType } from '../store/schema.ts';
import { paths } from './paths.ts';
import { AUTH_TYPES, listChoices } from './present.ts';
import { readSandboxCredentials } from './sandbox-credentials.ts';

/** What was typed and what is wrong with it, when a form comes back. */
export type Returned = Omit<Refused, 'ok'> & {
  body: unknown;
  /** Credentials that were filled in, with what had been typed kept. */
  filled?: { clientSecret: string };
};

/** What kind of connection is being made. */
export interface Choice {
  provider: Provider;
  authType: AuthType;
}

/** The form for a new connection; its fields and its button follow the provider and the auth type. */
export async function renderNew(
  context: ConnectionsContext,
  response: Response,
  { id, display_name: name }: Installation,
  choice: Choice,
  returned?: Returned,
): Promise<void> {
  const { provider, authType } = choice;
  const { providers, config } = context;
  const clients = await listChoices(context, id, provider);
  const listHref = paths.list(id);
  response.status(returned === undefined || returned.filled ? 200 : 422).render('connections/new', {
    title: 'New connection',
    installation: { id, name },
    listHref,
    clientsHref: paths.clients(id),
    cards: providers.map((one) => ({
      name: one.name,
      initial: one.name.slice(0, 1),
      usedFor: one.usedFor,
      isChosen: one.id === provider.id,
      choices: one.authTypes.map((type) => ({
        label: `${one.name} · ${AUTH_TYPES[type].choice}`,
        href: `${listHref}/new?provider=${one.id}&authType=${type}`,
        isChosen: one.id === provider.id && type === authType,
      })),
    })),
    canFill: readSandboxCredentials(context, provider, authType) !== undefined,
    /** The sandbox's, which everybody may know; what somebody typed is never shown again. */
    filledSecret: returned?.filled?.clientSecret ?? '',
    provider: { id: provider.id, name: provider.name },
    authType,
    clients,
    redirectUrl: `${config.publicUrl}${paths.callback(provider.id)}`,
    manifestHref: provider.describeApp ? paths.manifest(id, provider.id) : null,
    typed: TypedForm.parse(returned?.body ?? { oauthClientId: clients[0]?.id }),
    errors: returned?.errors ?? {},
    problem: returned?.problem ?? null,
  });
}
