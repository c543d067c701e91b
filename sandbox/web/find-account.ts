import type { Request } from 'express';
import { ApiError } from '../platform/api-error.ts';
import type { Account } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** The account a page's URL names; throws 404. */
export function findAccount(state: State, { params }: Request): Account {
  const account = state.accounts.get(String(params['slug']));
  if (!account) throw new ApiError(404, 'not_found', 'The sandbox has no such account.');
  return account;
}
