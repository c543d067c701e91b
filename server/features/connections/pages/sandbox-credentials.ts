import { z } from 'zod';
import { parseJson } from '../../../parse-json.ts';
import type { ConnectionsContext } from '../context.ts';
import type { AuthType } from '../store/schema.ts';

const Credentials = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  accountId: z.string().optional(),
});
type Credentials = z.infer<typeof Credentials>;
const ByAuthType = z.object({ oauth2: Credentials.optional(), custom: Credentials.optional() });

/** Behind the provider's id, in a variable that no environment can set: JSON by auth type. */
export const SANDBOX_CREDENTIALS = '_SANDBOX_CREDENTIALS';

/**
 * What a button of the form fills in; undefined outside sandbox mode. The `sandbox` of a provider's file says
 * it, as `ZOOM_SANDBOX_CREDENTIALS` for example.
 */
export function readSandboxCredentials(
  { config: { variables } }: Pick<ConnectionsContext, 'config'>,
  provider: { id: string },
  authType: AuthType,
): Credentials | undefined {
  const name = `${provider.id.toUpperCase().replaceAll('-', '_')}${SANDBOX_CREDENTIALS}`;
  const stored = ByAuthType.safeParse(parseJson(variables[name] ?? 'null')).data;
  return stored?.[authType];
}
