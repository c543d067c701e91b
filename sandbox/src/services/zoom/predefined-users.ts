import { createHash } from 'node:crypto';

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
export const ZOOM_ACCOUNT_NUMBER = 90_000_001;

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
