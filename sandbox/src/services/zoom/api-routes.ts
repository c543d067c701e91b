import { Router } from 'express';
import { z } from 'zod';
import {
  CREATE_MEETING,
  LIST_USERS,
  READ_MEETING,
  READ_USER,
  requireScope,
} from './create-zoom-operations.ts';
import type { ZoomOperations } from './create-zoom-operations.ts';
import type { Zoom } from './create-zoom.ts';
import { ZoomApiError } from './errors.ts';
import { readMeetingBody, showZoomMeeting } from './meeting-shapes.ts';
import { findZoomUser, showZoomUser, showZoomUserInFull, zoomUsers } from './users.ts';

const pageSchema = z.object({
  page_size: z.coerce.number().int().min(1).max(300).catch(30),
  next_page_token: z.coerce.number().int().min(0).catch(0),
});

export function createZoomUserRoutes({ apiOperation }: ZoomOperations) {
  const router = Router();

  router.get(
    '/',
    apiOperation('ZoomListUsers', 'Medium', (caller, { query }) => {
      requireScope(caller, LIST_USERS);
      const { page_size: size, next_page_token: start } = pageSchema.parse(query);
      const end = start + size;
      const body = {
        page_count: Math.ceil(zoomUsers.length / size),
        page_number: Math.floor(start / size) + 1,
        page_size: size,
        total_records: zoomUsers.length,
        next_page_token: end < zoomUsers.length ? String(end) : '',
        users: zoomUsers.slice(start, end).map(showZoomUser),
      };
      return { status: 200, body };
    }),
  );

  router.get(
    '/:userId',
    apiOperation('ZoomGetUser', 'Light', (caller, { params }) => {
      const reach = requireScope(caller, READ_USER);
      const user = findZoomUser(caller, reach, String(params['userId']));
      return { status: 200, body: showZoomUserInFull(user) };
    }),
  );

  return router;
}

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
