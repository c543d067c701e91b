import type { Request, Response } from 'express';
import { AppError } from '../errors.ts';
import { hash, type Attempt, type OAuthAttempts } from './attempts.ts';
import { explainErrorCode } from './explain-error.ts';
import { readCallback } from './read-callback.ts';
import type { ActivityLog } from '../store/tables/activity-log.ts';
import { nameOwner } from '../store/tables/installation-owners.ts';

/** What is particular to one use of the callback. */
export interface CallbackFlow {
  /** Whose attempts it finishes. */
  provider: string;
  /** The service, for sentences. */
  service: string;
  /** Who has to have answered, where the service names itself (RFC 9207). */
  issuer?: string | undefined;
  /** A code that answers none of our requests. Returns where to start one instead, or throws. */
  restart: () => string;
  /** Where an answer led whose attempt is gone; undefined: nobody remembers. */
  findFinished: (request: Request, stateHash: string) => Promise<string | undefined>;
  /**
   * Whether this session may go on with the attempt, which its browser has proved to be its own. Returns
   * the owner of what comes of it.
   * @throws AppError when it may not; nothing is used up then.
   */
  admit: (request: Request, attempt: Attempt) => Promise<string>;
  /** Exchanges the code, once. Returns the page that the browser goes to. */
  finish: (request: Request, response: Response, answer: FinalAnswer) => Promise<string>;
  /** Gives the session what the attempt's browser got, for the first answer and for each repetition. */
  hand?: (request: Request, ownerId: string) => Promise<void>;
}

export interface FinalAnswer {
  attempt: Attempt;
  ownerId: string;
  code: string;
}

export type AnswerCallback = (
  request: Request,
  response: Response,
  flow: CallbackFlow,
) => Promise<void>;

/**
 * Answers a redirect URI: the one place where the answer of an authorization server is read. The same
 * answer again, at once or later, gets what came of the first.
 */
export function createAnswerCallback(options: {
  publicUrl: string;
  attempts: OAuthAttempts;
  activityLog: ActivityLog;
}): AnswerCallback {
  const { attempts } = options;

  /** Those who have access to the installation shall know who came, and with what. */
  async function refuse(
    { session: { ownerId } }: Request,
    { service }: CallbackFlow,
    stateHash: string,
    failure: unknown,
  ): Promise<never> {
    const id = await attempts.findInstallation(stateHash);
    if (id !== null && failure instanceof AppError) {
      const who = ownerId === undefined ? 'an unknown browser' : nameOwner(ownerId);
      const text = `An authorization at ${service} in ${who} did not succeed. ${failure.message}`;
      await options.activityLog.add(id, 'access', text);
    }
    throw failure;
  }

  return async (request, response, flow) => {
    // Link scanners look at an address before its visitor does; that must not use it up.
    if (request.method === 'HEAD') return void response.end();
    const { service } = flow;
    const { code, state, error, issuer } = readCallback(
      new URL(request.originalUrl, options.publicUrl),
    );
    if (state === null && error !== null) throw explainErrorCode(service, error);
    if (code === null && error === null) {
      const text = `This address is for an answer of ${service}, and there is none.`;
      throw new AppError('callback_empty', text, 'Start again.');
    }
    if (state === null) return response.redirect(302, flow.restart());
    if (flow.issuer !== undefined && issuer !== null && issuer !== flow.issuer) {
      const text = `Another server than ${service} answered, so the answer cannot be trusted.`;
      const failure = new AppError('callback_other_issuer', text, 'Start again.');
      return await refuse(request, flow, hash(state), failure);
    }

    const found = await attempts
      .find(request, { state, provider: flow.provider })
      .catch(async (failure: unknown) => {
        const href = await flow.findFinished(request, hash(state));
        if (href !== undefined) return href;
        const reason = error === null ? failure : explainErrorCode(service, error);
        return await refuse(request, flow, hash(state), reason);
      });
    if (typeof found === 'string') return response.redirect(303, found);
    const admitted = await flow
      .admit(request, found)
      .catch((failure: unknown) => refuse(request, flow, found.state_hash, failure));
    const finish = async () => {
      if (error !== null) throw explainErrorCode(service, error);
      const answer = { attempt: found, ownerId: admitted, code: code ?? '' };
      return await flow.finish(request, response, answer);
    };
    const { outcome, ownerId } = await attempts.once(found, admitted, response, () =>
      finish().catch((failure: unknown) => refuse(request, flow, found.state_hash, failure)),
    );
    const hasGiven = typeof outcome === 'string' || response.locals['retryHref'] !== undefined;
    if (hasGiven) await flow.hand?.(request, ownerId);
    if (outcome instanceof AppError) throw outcome;
    response.redirect(303, outcome);
  };
}
