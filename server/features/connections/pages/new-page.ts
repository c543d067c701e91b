import type { Response } from 'express';
import type { Installation } from '../../../store/schema.ts';
import type { ConnectionsContext } from '../context.ts';
import type { Provider } from '../provider.ts';
import { TypedForm } from '../saving/forms.ts';
import type { Refused } from '../saving/save.ts';
import type { AuthType } from '../store/schema.ts';
import { paths } from './paths.ts';
import { AUTH_TYPES, listChoices } from './present.ts';

/** What was typed and what is wrong with it, when a form comes back. */
export type Returned = Omit<Refused, 'ok'> & { body: unknown };

/** The form for a new connection; its fields and its button follow the provider and the auth type. */
export async function renderNew(
  context: ConnectionsContext,
  response: Response,
  { id, display_name: name }: Installation,
  { provider, authType }: { provider: Provider; authType: AuthType },
  returned?: Returned,
): Promise<void> {
  const { providers, config } = context;
  const clients = await listChoices(context, id, provider);
  const listHref = paths.list(id);
  response.status(returned === undefined ? 200 : 422).render('connections/new', {
    title: 'New connection',
    installation: { id, name },
    listHref,
    clientsHref: paths.clients(id),
    choices: providers.flatMap((one) =>
      one.authTypes.map((type) => ({
        label: `${one.name} · ${AUTH_TYPES[type].choice}`,
        href: `${listHref}/new?provider=${one.id}&authType=${type}`,
        current: one.id === provider.id && type === authType,
      })),
    ),
    provider: { id: provider.id, name: provider.name },
    authType,
    clients,
    redirectUrl: `${config.publicUrl}${paths.callback(provider.id)}`,
    typed: TypedForm.parse(returned?.body ?? { oauthClientId: clients[0]?.id }),
    errors: returned?.errors ?? {},
    problem: returned?.problem ?? null,
  });
}
