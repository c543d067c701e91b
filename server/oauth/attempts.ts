import { createHash, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ShopkeeperConfig } from '../config/load-config.ts';
import type { Core } from '../core.ts';
import { AppError } from '../errors.ts';
import { isSameSecret } from '../secrets.ts';
import type { OAuthAttempt } from '../store/schema.ts';
import { LockUnavailableError } from '../store/tables/locks.ts';
import { ownCookie, readCookie, readCookies } from '../web/cookies.ts';

/*
 * The `state` of OAuth, bound to the browser: 32 random bytes, one row and one cookie per attempt, so that
 * two tabs both succeed and a state from another browser or an old one does not.
 */

const LIFETIME_MS = 10 * 60_000;
const ALIVE_PER_BROWSER = 5;
/** An exchange is a few calls with time-outs of ten seconds each. */
const WAIT_MS = 45_000;

export interface AttemptNeeds extends Pick<Core, 'oauthAttempts' | 'locks' | 'now'> {
  config: Pick<ShopkeeperConfig, 'publicUrl'>;
}

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

/** Returns what goes into the address of the authorization server. */
export async function beginAttempt(
  { oauthAttempts, config }: AttemptNeeds,
  request: Request,
  response: Response,
  attempt: { provider: string; ownerId: string; returnTo: string | null },
): Promise<{ state: string; codeVerifier: string }> {
  const state = randomBytes(32).toString('base64url');
  const nonce = randomBytes(32).toString('base64url');
  const stateHash = hash(state);
  const cookieHash = hash(nonce);
  const { ownerId: owner_id, provider, returnTo: return_to } = attempt;
  const row = { state_hash: stateHash, cookie_hash: cookieHash, owner_id, provider, return_to };
  await oauthAttempts.save(row, LIFETIME_MS);
  const cookies = cookiesAt(config.publicUrl);
  const browser = { ownerId: attempt.ownerId, cookieHashes: cookies.hashHeld(request) };
  for (const dropped of await oauthAttempts.trim(browser, ALIVE_PER_BROWSER))
    response.clearCookie(cookies.nameOf(dropped), cookies.options);
  response.cookie(cookies.nameOf(stateHash), nonce, { ...cookies.options, maxAge: LIFETIME_MS });
  return { state, codeVerifier: deriveVerifier(nonce) };
}

/**
 * Finds the attempt of a state that came back, for the browser that began it.
 * @throws AppError `state_unknown`, `state_expired`, `state_other_browser` or `cookie_repeated`.
 */
export async function findAttempt(
  { oauthAttempts, config, now }: AttemptNeeds,
  request: Request,
  { state, provider }: { state: string; provider: string },
): Promise<Attempt> {
  const attempt = await oauthAttempts.find(hash(state));
  if (attempt === undefined || attempt.provider !== provider) {
    const text = 'This sign-in is unknown here, or was used already.';
    throw new AppError('state_unknown', text, 'Start again.');
  }
  if (attempt.expires_at <= now()) {
    const text = 'This sign-in took longer than ten minutes.';
    throw new AppError('state_expired', text, 'Start again.');
  }
  const nonce = readCookie(request, cookiesAt(config.publicUrl).nameOf(attempt.state_hash));
  if (nonce === undefined || !isSameSecret(hash(nonce), attempt.cookie_hash))
    throw createOtherBrowserError();
  return { ...attempt, codeVerifier: deriveVerifier(nonce) };
}

/** Makes the attempts of an owner who has nothing yet, in this very browser, those of another owner. */
export async function adoptAttempts(
  { oauthAttempts, config }: AttemptNeeds,
  request: Request,
  ownerId: string,
): Promise<void> {
  const cookieHashes = cookiesAt(config.publicUrl).hashHeld(request);
  await oauthAttempts.adopt({ ownerId, cookieHashes });
}

/**
 * Uses the attempt up with `finish`, or waits for whoever does so already. Returns what came of it, the page
 * to go to or the failure, and for which owner. A failure's `retryHref` in the response's locals is kept as well.
 * @throws AppError `state_interrupted` when nobody knows the end: a process died over it, for one.
 */
export async function finishOnce(
  { oauthAttempts, locks }: AttemptNeeds,
  { state_hash: stateHash }: OAuthAttempt,
  ownerId: string,
  response: Response,
  finish: () => Promise<string>,
): Promise<{ outcome: string | AppError; ownerId: string }> {
  async function run() {
    const current = await oauthAttempts.find(stateHash);
    if (current?.outcome)
      return { outcome: repeat(current.outcome, response), ownerId: current.owner_id };
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
  return await locks
    .withLock(`attempt:${stateHash}`, { waitMs: WAIT_MS }, run)
    .catch((error: unknown) => {
      throw error instanceof LockUnavailableError ? interrupted() : error;
    });
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

function cookiesAt(publicUrl: string) {
  const { name: prefix, options } = ownCookie(publicUrl, 'shopkeeper_attempt_');
  return {
    options,
    nameOf: (stateHash: string) => `${prefix}${stateHash.slice(0, 12)}`,
    /** Hashes of all the attempts' cookies that a browser holds. */
    hashHeld: (request: Request) =>
      readCookies(request)
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ value }) => hash(value)),
  };
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

function interrupted(): AppError {
  const text = 'This sign-in was interrupted before it was finished.';
  return new AppError('state_interrupted', text, 'Start again.');
}
