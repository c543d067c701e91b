import { createHash } from 'node:crypto';
import { ZoomApiError } from './errors.ts';

export interface ZoomUser {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  role: { id: string; name: string };
  /** 1: basic, 2: licensed. */
  type: 1 | 2;
  /** Personal meeting id. */
  pmi: number;
}

/** The one Zoom account of the sandbox. */
export const ZOOM_ACCOUNT_ID = stableZoomId('account');
const ZOOM_ACCOUNT_NUMBER = 90_000_001;

export const zoomUsers: readonly ZoomUser[] = [
  predefine('Owner', { id: '0', name: 'Owner' }, 2, 5_550_000_001),
  predefine('Admin', { id: '1', name: 'Admin' }, 2, 5_550_000_002),
  predefine('Member', { id: '2', name: 'Member' }, 1, 5_550_000_003),
];

function predefine(
  lastName: string,
  role: ZoomUser['role'],
  type: ZoomUser['type'],
  pmi: number,
): ZoomUser {
  const email = `${lastName.toLowerCase()}@zoom.example`;
  return { id: stableZoomId(email), firstName: 'Zoom', lastName, email, role, type, pmi };
}

/** An id as Zoom writes them: 22 characters of base64url, the same for the same seed. */
function stableZoomId(seed: string): string {
  return createHash('sha256').update(`zoom:${seed}`).digest('base64url').slice(0, 22);
}

/**
 * The user a path names: `me`, an id or an e-mail address. A token that reaches its own user only
 * has to say `me`; a Server-to-Server app must not, for it is nobody.
 */
export function findZoomUser(
  { user }: { user: ZoomUser | undefined },
  reach: 'own' | 'any',
  named: string,
): ZoomUser {
  if (named === 'me' && user) return user;
  if (reach === 'own') {
    throw new ZoomApiError(400, 4700, 'Invalid access token, does not contain scopes.');
  }
  const found = zoomUsers.find(({ id, email }) => id === named || email === named);
  if (!found) throw new ZoomApiError(404, 1001, `User does not exist: ${named}.`);
  return found;
}

/** As the list shows a user. */
export function showZoomUser({ id, firstName, lastName, email, role, type, pmi }: ZoomUser) {
  return {
    id,
    first_name: firstName,
    last_name: lastName,
    display_name: `${firstName} ${lastName}`,
    email,
    type,
    role_id: role.id,
    pmi,
    timezone: 'Europe/Berlin',
    verified: 1,
    created_at: '2024-01-15T09:00:00Z',
    status: 'active',
  };
}

/** As a call for one user shows it. */
export function showZoomUserInFull(user: ZoomUser) {
  return {
    ...showZoomUser(user),
    role_name: user.role.name,
    account_id: ZOOM_ACCOUNT_ID,
    account_number: ZOOM_ACCOUNT_NUMBER,
  };
}
