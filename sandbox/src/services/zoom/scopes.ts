import type { ZoomCaller } from './authenticate-caller.ts';
import { ZoomApiError } from './zoom-errors.ts';

/** What allows a call: granular scopes, and the classic ones of older apps. */
export interface NeededScopes {
  /** For the user's own things. */
  own: string[];
  /** For everybody's in the account. */
  any: string[];
}

export const READ_USER: NeededScopes = {
  own: ['user:read:user', 'user:read'],
  any: ['user:read:user:admin', 'user:read:admin'],
};

export const LIST_USERS: NeededScopes = {
  own: [],
  any: ['user:read:list_users:admin', 'user:read:admin'],
};

export const CREATE_MEETING: NeededScopes = {
  own: ['meeting:write:meeting', 'meeting:write'],
  any: ['meeting:write:meeting:admin', 'meeting:write:admin'],
};

export const READ_MEETING: NeededScopes = {
  own: ['meeting:read:meeting', 'meeting:read'],
  any: ['meeting:read:meeting:admin', 'meeting:read:admin'],
};

/** How far the caller may reach; throws 4711, with status 400, when not at all. */
export function requireScope({ user, scopes }: ZoomCaller, needed: NeededScopes): 'own' | 'any' {
  if (needed.any.some((scope) => scopes.includes(scope))) return 'any';
  // A Server-to-Server app owns nothing itself.
  if (user && needed.own.some((scope) => scopes.includes(scope))) return 'own';
  const [own] = needed.own;
  const granular = [own, needed.any[0]].filter((scope) => scope !== undefined).join(', ');
  throw new ZoomApiError(400, 4711, `Invalid access token, does not contain scopes:[${granular}].`);
}
