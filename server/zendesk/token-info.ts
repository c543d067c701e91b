import { z } from 'zod';
import type { RemoteCall } from '../remote-call.ts';

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
}

export function createTokenInfoCalls(call: RemoteCall, oauthUrl: string): TokenInfoCalls {
  return {
    async getTokenInfo(token) {
      const { app } = await call({
        operation: 'GetTokenInfo',
        method: 'GET',
        url: `${oauthUrl}/v2/tokenInfo`,
        accessToken: token,
        answer: TokenInfo,
      });
      return app;
    },
  };
}
