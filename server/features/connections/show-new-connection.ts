import type { Response } from 'express';
import { z } from 'zod';
import type { OAuthClientStore } from './store/oauth-clients.ts';
import type { Installation } from '../../store/schema.ts';
import { TypedForm, type FieldErrors } from './forms.ts';
import { paths } from './paths.ts';
import type { Provider } from './provider.ts';
import type { AuthType } from './store/schema.ts';

const AUTH_TYPE_NAMES: Record<AuthType, string> = {
  oauth2: 'OAuth 2.0',
  custom: 'Custom (Server-to-Server)',
};

const Choice = z.object({ provider: z.string().optional(), authType: z.string().optional() });

/** What kind of connection is being made; undefined when there is no such kind. */
export function readChoice(providers: readonly Provider[], fields: unknown) {
  const chosen = Choice.safeParse(fields ?? {}).data;
  const provider = providers.find(({ id }) => id === (chosen?.provider ?? providers[0]?.id));
  const wanted = chosen?.authType ?? provider?.authTypes[0];
  const authType = provider?.authTypes.find((one) => one === wanted);
  return provider === undefined || authType === undefined ? undefined : { provider, authType };
}

export type ShowNewConnection = (
  response: Response,
  installation: Installation,
  choice: { provider: Provider; authType: AuthType },
  /** What was typed and what is wrong with it, when the form comes back. */
  attempt?: { body: unknown; errors: FieldErrors; problem?: string | undefined },
) => Promise<void>;

/** The form for a new connection; its fields and its button follow the provider and the auth type. */
export function createShowNewConnection(options: {
  publicUrl: string;
  providers: readonly Provider[];
  oauthClients: OAuthClientStore;
}): ShowNewConnection {
  return async (response, { id, display_name: name }, { provider, authType }, attempt) => {
    const all = await options.oauthClients.list(id);
    const clients = all.filter((client) => client.provider === provider.id);
    const listHref = paths.list(id);
    response.status(attempt === undefined ? 200 : 422).render('connections/new', {
      title: 'New connection',
      installation: { id, name },
      listHref,
      clientsHref: paths.clients(id),
      choices: options.providers.flatMap((one) =>
        one.authTypes.map((type) => ({
          label: `${one.name} · ${AUTH_TYPE_NAMES[type]}`,
          href: `${listHref}/new?provider=${one.id}&authType=${type}`,
          current: one.id === provider.id && type === authType,
        })),
      ),
      provider: { id: provider.id, name: provider.name },
      authType,
      clients: clients.map((client) => ({ id: client.id, name: client.name })),
      redirectUrl: `${options.publicUrl}${paths.callback(provider.id)}`,
      typed: TypedForm.parse(attempt?.body ?? { oauthClientId: clients[0]?.id }),
      errors: attempt?.errors ?? {},
      problem: attempt?.problem ?? null,
    });
  };
}
