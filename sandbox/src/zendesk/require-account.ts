import type { RequestHandler } from 'express';
import { subdomainOf } from '../platform/rename-account.ts';
import type { State } from '../state/state.ts';

/** What Zendesk says at a subdomain that is nobody's: not in the API's form. */
export function requireAccount(state: State): RequestHandler {
  return ({ params }, response, next) => {
    const name = String(params['subdomain']);
    const isThere = [...state.accounts.values()].some((one) => subdomainOf(one) === name);
    if (isThere) return next();
    const title = `No help desk at ${name}.zendesk.com`;
    const message =
      'There is no help desk configured at this address. This means that the address is available and that you can claim it.';
    return response.status(404).json({ error: { title, message } });
  };
}
