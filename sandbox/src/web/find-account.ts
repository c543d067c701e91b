import type { Request } from 'express';
import { Refused } from '../refused.ts';
import type { Account } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** The account a page's URL names, by its first or by its present subdomain; throws 404. */
export function findAccount(state: State, { params }: Request): Account {
  const name = String(params['slug']);
  const account =
    state.accounts.get(name) ??
    [...state.accounts.values()].find(({ subdomain }) => subdomain === name);
  if (!account) throw new Refused(404, 'The sandbox has no such account.');
  return account;
}
