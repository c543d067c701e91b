import { createHash, randomBytes } from 'node:crypto';
import type { CookieOptions, Request, Response } from 'express';
import { AppError } from '../errors.ts';
import { isSameSecret } from '../is-same-secret.ts';
import type { AttemptStore } from '../store/attempts.ts';
import type { OAuthAttempt } from '../store/schema.ts';
import { readCookie } from './read-cookie.ts';

const LIFETIME_MS = 10 * 60_000;
const ALIVE_PER_BROWSER = 5;

export type OAuthAttempts = ReturnType<typeof createOAuthAttempts>;

/**
 * The `state` of OAuth, bound to the browser: 32 random bytes, one row and one cookie per attempt, so
 * that two tabs both succeed and a state from another browser, an old or a used one does not.
 */
export function createOAuthAttempts(options: {
  attempts: AttemptStore;
  publicUrl: string;
  now: () => number;
}) {
  const { attempts, now } = options;
  const secure = options.publicUrl.startsWith('https:');
  const cookieOptions = (path: string): CookieOptions => ({
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path,
  });

  return {
    /**
     * Starts an attempt. `callbackPath` is the only path that gets the cookie; `codeVerifier` is for
     * providers that know PKCE (RFC 7636).
     */
    async begin(
      response: Response,
      attempt: { provider: string; ownerId: string; returnTo: string | null; callbackPath: string },
    ): Promise<{ state: string; codeVerifier: string }> {
      const state = randomBytes(32).toString('base64url');
      const nonce = randomBytes(32).toString('base64url');
      const stateHash = hash(state);
      const { provider, ownerId, returnTo, callbackPath } = attempt;
      await attempts.save({
        stateHash,
        cookieHash: hash(nonce),
        ownerId,
        provider,
        returnTo,
        lifetimeMs: LIFETIME_MS,
      });
      for (const dropped of await attempts.trim(ownerId, provider, ALIVE_PER_BROWSER)) {
        response.clearCookie(cookieName(dropped), cookieOptions(callbackPath));
      }
      response.cookie(cookieName(stateHash), nonce, {
        ...cookieOptions(callbackPath),
        maxAge: LIFETIME_MS,
      });
      return { state, codeVerifier: deriveVerifier(nonce) };
    },

    /**
     * Checks a state that came back and uses it up. Nothing is used up by a browser it is not for.
     * @throws AppError `state_unknown`, `state_expired` or `state_other_browser`.
     */
    async finish(
      request: Request,
      response: Response,
      { state, provider, callbackPath }: { state: string; provider: string; callbackPath: string },
    ): Promise<OAuthAttempt & { codeVerifier: string }> {
      const stateHash = hash(state);
      const attempt = await attempts.find(stateHash);
      if (attempt === undefined || attempt.provider !== provider) throw unknownState();
      const nonce = readCookie(request, cookieName(stateHash));
      if (nonce === undefined || !isSameSecret(hash(nonce), attempt.cookie_hash)) {
        const text =
          'This sign-in was started in another browser, or this browser lost the cookie of it.';
        throw new AppError(
          'state_other_browser',
          text,
          'Start again, and finish in the same browser.',
        );
      }
      response.clearCookie(cookieName(stateHash), cookieOptions(callbackPath));
      const consumed = await attempts.consume(stateHash);
      if (consumed !== undefined) return { ...consumed, codeVerifier: deriveVerifier(nonce) };
      if (attempt.expires_at > now()) throw unknownState();
      throw new AppError(
        'state_expired',
        'This sign-in took longer than ten minutes.',
        'Start again.',
      );
    },
  };
}

/** What is stored of a state: the state itself is only ever in the browser's address bar. */
export function hash(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** Only the browser keeps what it is made of, so a stolen code is worth nothing even with our database. */
function deriveVerifier(nonce: string): string {
  return createHash('sha256').update(`code verifier ${nonce}`).digest('base64url');
}

function cookieName(stateHash: string): string {
  return `shopkeeper_attempt_${stateHash.slice(0, 12)}`;
}

function unknownState(): AppError {
  return new AppError(
    'state_unknown',
    'This sign-in is unknown here, or was used already.',
    'Start again.',
  );
}
