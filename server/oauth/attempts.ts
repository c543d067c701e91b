import { createHash, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { isSameSecret } from '../secrets.ts';
import type { OAuthAttemptStore } from '../store/tables/oauth-attempts.ts';
import { LockUnavailableError, type Locks } from '../store/tables/locks.ts';
import type { OAuthAttempt } from '../store/schema.ts';
import { ownCookie, readCookie, readCookies } from '../web/cookies.ts';

const LIFETIME_MS = 10 * 60_000;
const ALIVE_PER_BROWSER = 5;
/** An exchange is a few calls with time-outs of ten seconds each. */
const WAIT_MS = 45_000;

/** `codeVerifier` is for providers that know PKCE (RFC 7636). */
export type Attempt = OAuthAttempt & { codeVerifier: string };

/** What is kept of an attempt's end, so that the browser gets the same again. */
const Outcome = z.union([
  z.object({ href: z.string() }),
  z.object({
    code: z.string(),
    status: z.number(),
    message: z.string(),
    hint: z.string(),
    retryHref: z.string().nullable(),
  }),
]);

export type OAuthAttempts = ReturnType<typeof createOAuthAttempts>;

/**
 * The `state` of OAuth, bound to the browser: 32 random bytes, one row and one cookie per attempt, so
 * that two tabs both succeed and a state from another browser or an old one does not.
 */
export function createOAuthAttempts(options: {
  oauthAttempts: OAuthAttemptStore;
  locks: Locks;
  publicUrl: string;
  now: () => number;
}) {
  const { oauthAttempts, now } = options;
  const { name: prefix, options: cookieOptions } = ownCookie(
    options.publicUrl,
    'shopkeeper_attempt_',
  );
  const cookieName = (stateHash: string) => `${prefix}${stateHash.slice(0, 12)}`;

  /** Hashes of all the attempts' cookies that a browser holds. */
  function readHeld(request: Request): string[] {
    return readCookies(request)
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ value }) => hash(value));
  }

  return {
    async begin(
      request: Request,
      response: Response,
      attempt: { provider: string; ownerId: string; returnTo: string | null },
    ): Promise<{ state: string; codeVerifier: string }> {
      const state = randomBytes(32).toString('base64url');
      const nonce = randomBytes(32).toString('base64url');
      const stateHash = hash(state);
      await oauthAttempts.save({
        ...attempt,
        stateHash,
        cookieHash: hash(nonce),
        lifetimeMs: LIFETIME_MS,
      });
      const browser = { ownerId: attempt.ownerId, cookieHashes: readHeld(request) };
      for (const dropped of await oauthAttempts.trim(browser, ALIVE_PER_BROWSER)) {
        response.clearCookie(cookieName(dropped), cookieOptions);
      }
      response.cookie(cookieName(stateHash), nonce, { ...cookieOptions, maxAge: LIFETIME_MS });
      return { state, codeVerifier: deriveVerifier(nonce) };
    },

    /**
     * Finds the attempt of a state that came back, for the browser that began it.
     * @throws AppError `state_unknown`, `state_expired`, `state_other_browser` or `cookie_repeated`.
     */
    async find(
      request: Request,
      { state, provider }: { state: string; provider: string },
    ): Promise<Attempt> {
      const attempt = await oauthAttempts.find(hash(state));
      if (attempt === undefined || attempt.provider !== provider) throw unknownState();
      if (attempt.expires_at <= now()) {
        const text = 'This sign-in took longer than ten minutes.';
        throw new AppError('state_expired', text, 'Start again.');
      }
      const nonce = readCookie(request, cookieName(attempt.state_hash));
      if (nonce === undefined || !isSameSecret(hash(nonce), attempt.cookie_hash))
        throw createOtherBrowserError();
      return { ...attempt, codeVerifier: deriveVerifier(nonce) };
    },

    /** The installation that an attempt is for or led to, if there is one; whoever asks. */
    async findInstallation(stateHash: string): Promise<string | null> {
      return (await oauthAttempts.find(stateHash))?.installation_id ?? null;
    },

    /** Makes the attempts of an owner who has nothing yet, in this very browser, those of another owner. */
    adoptHeld: (request: Request, ownerId: string) =>
      oauthAttempts.adopt({ ownerId, cookieHashes: readHeld(request) }),

    /**
     * Uses the attempt up with `finish`, or waits for whoever does so already; returns what came of it,
     * the page to go to or the failure, and for which owner. A failure's `retryHref` in the response's locals is kept as well.
     * @throws AppError `state_interrupted` when nobody knows the end: a process died over it, for one.
     */
    async once(
      { state_hash: stateHash }: OAuthAttempt,
      ownerId: string,
      response: Response,
      finish: () => Promise<string>,
    ): Promise<{ outcome: string | AppError; ownerId: string }> {
      async function run() {
        const current = await oauthAttempts.find(stateHash);
        const known = current?.outcome ?? null;
        if (current !== undefined && known !== null)
          return { outcome: repeat(known, response), ownerId: current.owner_id };
        if (!(await oauthAttempts.start(stateHash, ownerId))) throw interrupted();
        const outcome = await finish().catch((error: unknown) => {
          if (error instanceof AppError) return error;
          throw error;
        });
        const stored = describe(outcome, response);
        const leadsTo = 'href' in stored ? stored.href : stored.retryHref;
        await oauthAttempts.settle(stateHash, JSON.stringify(stored), leadsTo);
        return { outcome, ownerId };
      }
      return await options.locks
        .withLock(`attempt:${stateHash}`, { waitMs: WAIT_MS }, run)
        .catch((error: unknown) => {
          throw error instanceof LockUnavailableError ? interrupted() : error;
        });
    },
  };
}

/** What is stored of a state: the state itself is only ever in the browser's address bar. */
export function hash(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

export function createOtherBrowserError(): AppError {
  const text =
    'This sign-in was started in another browser, or this browser lost the cookie of it.';
  const hint = 'Start again, and finish in the same browser.';
  return new AppError('state_other_browser', text, hint);
}

function describe(outcome: string | AppError, { locals }: Response): z.input<typeof Outcome> {
  if (typeof outcome === 'string') return { href: outcome };
  const { code, status, message, hint } = outcome;
  return { code, status, message, hint, retryHref: locals['retryHref'] ?? null };
}

function repeat(stored: string, { locals }: Response): string | AppError {
  const outcome = Outcome.parse(JSON.parse(stored));
  if ('href' in outcome) return outcome.href;
  if (outcome.retryHref !== null) locals['retryHref'] = outcome.retryHref;
  const { code, status, message, hint } = outcome;
  return new AppError(code, message, hint, { status });
}

/** Only the browser keeps what it is made of, so a stolen code is worth nothing even with our database. */
function deriveVerifier(nonce: string): string {
  return createHash('sha256').update(`code verifier ${nonce}`).digest('base64url');
}

function unknownState(): AppError {
  const text = 'This sign-in is unknown here, or was used already.';
  return new AppError('state_unknown', text, 'Start again.');
}

function interrupted(): AppError {
  const text = 'This sign-in was interrupted before it was finished.';
  return new AppError('state_interrupted', text, 'Start again.');
}
