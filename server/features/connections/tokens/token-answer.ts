import { LONGEST_LIFE_MS, type TokenMembers } from '../../../oauth/token-answer.ts';

/** What a token endpoint gives. */
export interface Tokens {
  accessToken: string;
  /** Absent: the one we have stays good, or there is none. */
  refreshToken?: string;
  /** From now; absent: the service does not say. */
  expiresInMs?: number;
}

export function toTokens(answer: TokenMembers): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = answer;
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(seconds === undefined ? {} : { expiresInMs: seconds * 1000 }),
  };
}

/** When a token ends, in epoch milliseconds; null: nobody knows. Both databases can hold it. */
export function expiryOf(now: number, expiresInMs: number | undefined): number | null {
  if (expiresInMs === undefined || Number.isNaN(expiresInMs)) return null;
  return now + Math.round(Math.min(Math.max(expiresInMs, 0), LONGEST_LIFE_MS));
}
