import { describeFailure } from './classify-failure.ts';
import type { CustomInput } from './forms.ts';
import type { Failure, Identity, Provider, Tokens } from './provider.ts';

/** What came of credentials that are stored nowhere yet. */
export interface Trial {
  tokens: Tokens | null;
  identity: Identity | null;
  failure: Failure | null;
}

/** Whether the connection can be kept without asking: a missing scope is put right later. */
export function isUsable({ failure }: Trial): boolean {
  return failure === null || failure.kind === 'scope';
}

/** Gets a token with a `custom` connection's credentials and makes the provider's test call with it. */
export async function tryCredentials(provider: Provider, input: CustomInput): Promise<Trial> {
  const trial: Trial = { tokens: null, identity: null, failure: null };
  try {
    const tokens = await provider.requestAccess?.(input, input.accountId);
    if (tokens === undefined) throw new Error(`${provider.name} has no custom connections.`);
    trial.tokens = tokens;
    trial.identity = await provider.test({
      accessToken: tokens.accessToken,
      apiUrl: tokens.apiUrl ?? null,
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
