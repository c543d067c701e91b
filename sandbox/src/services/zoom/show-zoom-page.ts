import type { Zoom } from './create-zoom.ts';
import { ZOOM_ACCOUNT_ID, zoomUsers } from './predefined-users.ts';
import type { ZoomUser } from './predefined-users.ts';
import { MEETINGS_A_DAY } from './rate-limits.ts';
import type { ZoomApp } from './records.ts';
import { showZoomMeeting } from './show-zoom-meeting.ts';

/** What the Zoom page shows: apps with their credentials, who has them, and today's meetings. */
export function showZoomPage(zoom: Zoom) {
  const { apps, tokens, meetings, apiUrl } = zoom;
  const grants = zoomUsers.flatMap((user) =>
    tokens.grantsOf(user.id).map((grant) => ({ ...grant, userName: nameOf(user) })),
  );
  return {
    accountId: ZOOM_ACCOUNT_ID,
    limit: MEETINGS_A_DAY,
    apps: apps.list().map((app) => ({
      ...app,
      credentials: listCredentials(app),
      grants: grants.filter(({ clientId }) => clientId === app.clientId),
    })),
    users: zoomUsers.map((user) => ({
      ...user,
      name: nameOf(user),
      meetingsToday: meetings.countToday(user.id),
    })),
    meetings: meetings
      .madeToday()
      .map((meeting) => showZoomMeeting(apiUrl, meeting))
      .toReversed(),
  };
}

export function nameOf({ firstName, lastName }: ZoomUser): string {
  return `${firstName} ${lastName}`;
}

function listCredentials(app: ZoomApp) {
  const pair = [
    { label: 'Client ID', value: app.clientId },
    { label: 'Client secret', value: app.clientSecret },
  ];
  if (app.kind === 'server-to-server') {
    return [{ label: 'Account ID', value: app.accountId }, ...pair];
  }
  return app.secretToken === undefined
    ? pair
    : [...pair, { label: 'Secret token', value: app.secretToken }];
}
