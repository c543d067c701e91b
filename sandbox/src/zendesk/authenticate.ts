import type { Request } from 'express';
import { subdomainOf } from '../platform/accounts.ts';
import { ApiError } from '../refused.ts';
import type { Account, Installation } from '../state/records.ts';
import type { State } from '../state/state.ts';

export interface Caller {
  installation: Installation;
  account: Account;
}

/**
 * Finds who calls by the access token. Throws 401 when the token is unknown or revoked, 403 when
 * it belongs to another account or app than the URL names (which status Zendesk
 * chooses there is not documented).
 */
export function authenticate(state: State, request: Request): Caller {
  const caller = findCaller(state, request);
  if (!caller) throw new ApiError(401, 'unauthorized', 'Authorization is required');
  if (!namesAccount(request, caller.account)) throw new ApiError(403, 'forbidden', 'Forbidden');
  return caller;
}

/** Whose access token the request carries, if it carries one that is known. */
export function findCaller(state: State, { headers }: Request): Caller | undefined {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const installation = state.installations.get(state.tokens.get(token ?? '') ?? '');
  const account = state.accounts.get(installation?.account ?? '');
  return installation && account ? { installation, account } : undefined;
}

/** The OAuth bridge's URLs name no account, a legacy account's name the app only. */
function namesAccount({ params, baseUrl }: Request, account: Account): boolean {
  if (/^\/sc\b/i.test(baseUrl)) return true;
  const { subdomain, appId = account.appId } = params;
  const own = account.legacy ? undefined : subdomainOf(account);
  const atItsHost = subdomain === own;
  return atItsHost && appId === account.appId;
}
