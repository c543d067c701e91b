import { z } from 'zod';
import type { RemoteCall } from '../remote-call.ts';
import { isTokenRejected } from '../remote-error.ts';

const TokenInfo = z.object({
  app: z.object({
    id: z.string().min(1),
    displayName: z.string().nullish(),
    /** Absent for accounts that were created directly in Sunshine Conversations. */
    subdomain: z.string().nullish(),
  }),
});

export interface TokenInfoCalls {
  /** The account a token belongs to (OpenAPI GetTokenInfo). */
  getTokenInfo(token: string): Promise<z.infer<typeof TokenInfo>['app']>;
  /**
   * Whether Zendesk still accepts the token.
   * @throws RemoteError when Zendesk gave no clear answer.
   */
  isTokenValid(token: string): Promise<boolean>;
}

export function createTokenInfoCalls(call: RemoteCall, oauthUrl: string): TokenInfoCalls {
  async function getTokenInfo(token: string) {
    const { app } = await call({
      operation: 'GetTokenInfo',
      method: 'GET',
      url: `${oauthUrl}/v2/tokenInfo`,
      accessToken: token,
      answer: TokenInfo,
    });
    return app;
  }

  return {
    getTokenInfo,
    async isTokenValid(token) {
      try {
        await getTokenInfo(token);
        return true;
      } catch (error) {
        if (isTokenRejected(error)) return false;
        throw error;
      }
    },
  };
}
