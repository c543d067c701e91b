import { ZOOM_ACCOUNT_ID, ZOOM_ACCOUNT_NUMBER } from './predefined-users.ts';
import type { ZoomUser } from './predefined-users.ts';

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
