import { expiryOf } from '../../oauth/token-answer.ts';
import type { ConnectionStore } from './store/connections.ts';
import type { SecretStore } from '../../store/secrets/secrets.ts';
import { ACCESS_TOKEN, REFRESH_TOKEN } from './find-client.ts';
import type { Tokens } from './provider.ts';
import { connectionOwner } from './store/schema.ts';

export type KeepTokens = (connectionId: string, tokens: Tokens) => Promise<void>;

/**
 * Stores new tokens, the refresh token first: from here on it is the only one that counts, so a crash
 * after the next line must not lose it.
 */
export function createKeepTokens(options: {
  secrets: SecretStore;
  connections: ConnectionStore;
  now: () => number;
}): KeepTokens {
  return async (connectionId, { accessToken, refreshToken, expiresInMs, apiUrl }) => {
    const owner = connectionOwner(connectionId);
    if (refreshToken !== undefined) await options.secrets.put(owner, REFRESH_TOKEN, refreshToken);
    await options.secrets.put(owner, ACCESS_TOKEN, accessToken);
    await options.connections.update(connectionId, {
      token_expires_at: expiryOf(options.now(), expiresInMs),
      api_url: apiUrl ?? null,
    });
  };
}

export type ForgetTokens = (connectionId: string) => Promise<void>;

export function createForgetTokens(options: {
  secrets: SecretStore;
  connections: ConnectionStore;
}): ForgetTokens {
  return async (connectionId) => {
    const owner = connectionOwner(connectionId);
    await options.secrets.remove(owner, REFRESH_TOKEN);
    await options.secrets.remove(owner, ACCESS_TOKEN);
    await options.connections.update(connectionId, { token_expires_at: null, api_url: null });
  };
}
