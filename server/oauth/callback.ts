import type { Request, Response } from 'express';
import type { Core } from '../core.ts';
import { AppError } from '../errors.ts';
import { nameOwner } from '../store/tables/installation-owners.ts';
import { findAttempt, finishOnce, hash, type Attempt, type AttemptNeeds } from './attempts.ts';
import { explainErrorCode } from './problems.ts';

/** What is particular to one use of the callback, of one request. */
interface CallbackFlow {
  /** Whose attempts it finishes. */
  provider: string;
  /** The service, for sentences. */
  service: string;
  /** Who has to have answered, where the service names itself (RFC 9207). */
  issuer?: string | undefined;
  /** A code that answers none of our requests. Returns where to start one instead, or throws. */
  restart: () => string;
  /** Where an answer led whose attempt is gone; undefined: nobody remembers. */
  findFinished: (stateHash: string) => Promise<string | undefined>;
  /**
   * Whether this session may go on with the attempt, which its browser has proved to be its own. Returns
   * the owner of what comes of it.
   * @throws AppError when it may not; nothing is used up then.
   */
  admit: (attempt: Attempt) => Promise<string>;
  /** Exchanges the code, once. Returns the page that the browser goes to. */
  finish: (answer: FinalAnswer) => Promise<string>;
  /** Gives the session what the attempt's browser got, for the first answer and for each repetition. */
  renewSession?: (ownerId: string) => Promise<void>;
}

export interface FinalAnswer {
  attempt: Attempt;
  ownerId: string;
  code: string;
}

/**
 * Answers a redirect URI: the one place where the answer of an authorization server is read. The same
 * answer again, at once or later, gets what came of the first.
 */
export async function answerCallback(
  core: AttemptNeeds & Pick<Core, 'observe'>,
  request: Request,
  response: Response,
  flow: CallbackFlow,
): Promise<void> {
  // Link scanners look at an address before its visitor does; that must not use it up.
  if (request.method === 'HEAD') return void response.end();
  const { service } = flow;
  const url = new URL(request.originalUrl, core.config.publicUrl);
  const { code, state, error, issuer } = readCallback(url);
  if (state === null && error !== null) throw explainErrorCode(service, error);
  if (code === null && error === null) {
    const text = `This address is for an answer of ${service}, and there is none.`;
    throw new AppError('callback_empty', text, 'Start again.');
  }
  if (state === null) return response.redirect(302, flow.restart());

  /** Those who have access to the installation shall know who came, and with what. */
  async function refuse(failure: unknown): Promise<never> {
    const id = (await core.oauthAttempts.find(hash(state ?? '')))?.installation_id ?? null;
    if (id !== null && failure instanceof AppError) {
      const { ownerId } = request.session;
      const who = ownerId === undefined ? 'an unknown browser' : nameOwner(ownerId);
      const text = `An authorization at ${service} in ${who} did not succeed. ${failure.message}`;
      await core.observe.note(id, 'access', text);
    }
    throw failure;
  }

  if (flow.issuer !== undefined && issuer !== null && issuer !== flow.issuer) {
    const text = `Another server than ${service} answered, so the answer cannot be trusted.`;
    return await refuse(new AppError('callback_other_issuer', text, 'Start again.'));
  }
  const found = await findAttempt(core, request, { state, provider: flow.provider }).catch(
    async (failure: unknown) =>
      (await flow.findFinished(hash(state))) ??
      (await refuse(error === null ? failure : explainErrorCode(service, error))),
  );
  if (typeof found === 'string') return response.redirect(303, found);
  const admitted = await flow.admit(found).catch(refuse);
  const { outcome, ownerId } = await finishOnce(core, found, admitted, response, async () => {
    if (error !== null) return await refuse(explainErrorCode(service, error));
    return await flow.finish({ attempt: found, ownerId: admitted, code: code ?? '' }).catch(refuse);
  });
  const hasGiven = typeof outcome === 'string' || response.locals['retryHref'] !== undefined;
  if (hasGiven) await flow.renewSession?.(ownerId);
  if (outcome instanceof AppError) throw outcome;
  response.redirect(303, outcome);
}

/**
 * Reads the parameters of RFC 6749 §4.1.2 and RFC 9207, and ignores all others, whatever a service adds.
 * What is missing or empty is null.
 * @throws AppError `callback_repeated_parameter` when one stands more than once, which RFC 6749 §3.1
 * forbids, or in the form of a list.
 */
function readCallback({ searchParams }: URL) {
  const names = [...searchParams.keys()];
  const hasList = names.some((name) => /^(code|state|error|iss)\[/.test(name));
  if (hasList || new Set(names).size !== names.length) {
    const text = 'The answer names a value twice, so it cannot be trusted.';
    throw new AppError('callback_repeated_parameter', text, 'Start again.');
  }
  const get = (name: string) => searchParams.get(name) || null;
  return { code: get('code'), state: get('state'), error: get('error'), issuer: get('iss') };
}
