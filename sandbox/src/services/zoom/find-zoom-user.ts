import type { ZoomCaller } from './authenticate-caller.ts';
import { zoomUsers } from './predefined-users.ts';
import type { ZoomUser } from './predefined-users.ts';
import { ZoomApiError } from './zoom-errors.ts';

/**
 * The user a path names: `me`, an id or an e-mail address. A token that reaches its own user only
 * has to say `me`; a Server-to-Server app must not, for it is nobody.
 */
export function findZoomUser({ user }: ZoomCaller, reach: 'own' | 'any', named: string): ZoomUser {
  if (named === 'me' && user) return user;
  if (reach === 'own') {
    throw new ZoomApiError(400, 4700, 'Invalid access token, does not contain scopes.');
  }
  const found = zoomUsers.find(({ id, email }) => id === named || email === named);
  if (!found) throw new ZoomApiError(404, 1001, `User does not exist: ${named}.`);
  return found;
}
