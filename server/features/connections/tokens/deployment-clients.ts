import { z } from 'zod';
import type { FeatureEnvironment } from '../../feature.ts';
import type { ConnectionsContext } from '../context.ts';
import type { Client, Provider } from '../provider.ts';

/** In forms, in place of the id of an OAuth client. */
export const OF_DEPLOYMENT = 'deployment';
/** What owners read in its place. */
export const DEPLOYMENT_CLIENT_NAME = 'The app of this bot';

const credential = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'has a space or a look-alike character: copy it again');

/** `ZOOM_CLIENT_ID` and `ZOOM_CLIENT_SECRET`, and the like for every provider, by the name of its file. */
const nameVariables = (provider: string) => {
  const prefix = provider.toUpperCase().replaceAll('-', '_');
  return { id: `${prefix}_CLIENT_ID`, secret: `${prefix}_CLIENT_SECRET` };
};

/** The variables with which a deployment brings an OAuth client of its own for all accounts. */
export function clientEnvironment(providers: readonly string[]): FeatureEnvironment {
  const all = providers.map(nameVariables);
  return {
    variables: Object.fromEntries(
      all.flatMap(({ id, secret }) => [
        // HTTP Basic separates the id from the secret with it (RFC 7617).
        [id, credential.regex(/^[^:]*$/, 'has a colon, which no client id has').optional()],
        [secret, credential.optional()],
      ]),
    ),
    secrets: all.map(({ secret }) => secret),
    findProblems: (env) =>
      all.flatMap(({ id, secret }) => {
        if ((env[id] === undefined) === (env[secret] === undefined)) return [];
        const [missing, given] = env[id] === undefined ? [id, secret] : [secret, id];
        return [`${missing} is missing: an OAuth client needs it beside ${given}`];
      }),
  };
}

/** The deployment's own OAuth client at a provider; undefined: each account brings its own. */
export function readDeploymentClient(
  { config: { variables } }: Pick<ConnectionsContext, 'config'>,
  { id: provider, authTypes }: Pick<Provider, 'id' | 'authTypes'>,
): Client | undefined {
  const { id, secret } = nameVariables(provider);
  const [clientId, clientSecret] = [variables[id], variables[secret]];
  const isComplete = clientId !== undefined && clientSecret !== undefined;
  return isComplete && authTypes.includes('oauth2') ? { clientId, clientSecret } : undefined;
}
