import { Router } from 'express';
import type { Zoom } from './create-zoom.ts';
import type { ZoomOperations } from './create-zoom-operations.ts';
import { findZoomUser } from './find-zoom-user.ts';
import { readMeetingBody } from './meeting-body.ts';
import { CREATE_MEETING, READ_MEETING, requireScope } from './scopes.ts';
import { showZoomMeeting } from './show-zoom-meeting.ts';
import { ZoomApiError } from './zoom-errors.ts';

interface RoutesOptions {
  zoom: Zoom;
  operations: ZoomOperations;
}

export function createZoomMeetingRoutes({ zoom, operations: { apiOperation } }: RoutesOptions) {
  const { meetings, apiUrl } = zoom;
  const router = Router();

  router.post(
    '/users/:userId/meetings',
    apiOperation('ZoomCreateMeeting', 'Medium', (caller, { params, body }) => {
      const reach = requireScope(caller, CREATE_MEETING);
      const host = findZoomUser(caller, reach, String(params['userId']));
      const meeting = meetings.create(host, readMeetingBody(body));
      return { status: 201, body: showZoomMeeting(apiUrl, meeting) };
    }),
  );

  router.get(
    '/meetings/:meetingId',
    apiOperation('ZoomGetMeeting', 'Light', (caller, { params }) => {
      const reach = requireScope(caller, READ_MEETING);
      const id = String(params['meetingId']);
      const meeting = meetings.find(id);
      if (!meeting || (reach === 'own' && meeting.hostId !== caller.user?.id)) {
        throw new ZoomApiError(404, 3001, `Meeting does not exist: ${id}.`);
      }
      return { status: 200, body: showZoomMeeting(apiUrl, meeting) };
    }),
  );

  return router;
}
