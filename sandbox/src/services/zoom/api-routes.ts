import { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import {
  CREATE_MEETING,
  DELETE_MEETING,
  LIST_MEETINGS,
  LIST_USERS,
  READ_INVITATION,
  READ_MEETING,
  READ_USER,
  requireScope,
  UPDATE_MEETING,
} from './create-zoom-operations.ts';
import type { NeededScopes, ZoomCaller, ZoomOperations } from './create-zoom-operations.ts';
import type { Zoom } from './create-zoom.ts';
import { ZoomApiError } from './errors.ts';
import {
  readMeetingBody,
  readMeetingChanges,
  showInvitation,
  showZoomMeeting,
  showZoomMeetingInList,
} from './meeting-shapes.ts';
import type { ZoomMeeting } from './zoom-state.ts';
import { findZoomUser, showZoomUser, showZoomUserInFull, zoomUsers } from './users.ts';

const pageSchema = z.object({
  page_size: z.coerce.number().int().min(1).max(300).catch(30),
  next_page_token: z.coerce.number().int().min(0).catch(0),
});

/** A page of a list, as Zoom counts it. */
function paginate<Item>(all: readonly Item[], query: unknown) {
  const { page_size: size, next_page_token: start } = pageSchema.parse(query);
  const end = start + size;
  return {
    page_count: Math.ceil(all.length / size),
    page_number: Math.floor(start / size) + 1,
    page_size: size,
    total_records: all.length,
    next_page_token: end < all.length ? String(end) : '',
    items: all.slice(start, end),
  };
}

export function createZoomUserRoutes({ apiOperation }: ZoomOperations) {
  const router = Router();

  router.get(
    '/',
    apiOperation('ZoomListUsers', 'Medium', (caller, { query }) => {
      requireScope(caller, LIST_USERS);
      const { items, ...page } = paginate(zoomUsers, query);
      return { status: 200, body: { ...page, users: items.map(showZoomUser) } };
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

  /** Throws 404 with code 3001 when there is none, or none of the caller's. */
  function findMeeting(caller: ZoomCaller, needed: NeededScopes, { params }: Request): ZoomMeeting {
    const reach = requireScope(caller, needed);
    const id = String(params['meetingId']);
    const meeting = meetings.find(id);
    if (meeting && (reach === 'any' || meeting.hostId === caller.user?.id)) return meeting;
    throw new ZoomApiError(404, 3001, `Meeting does not exist: ${id}.`);
  }

  router.get(
    '/users/:userId/meetings',
    apiOperation('ZoomListMeetings', 'Medium', (caller, { params, query }) => {
      const reach = requireScope(caller, LIST_MEETINGS);
      const host = findZoomUser(caller, reach, String(params['userId']));
      const wanted = typeSchema.parse(query).type;
      const listed = meetings.listOf(host).filter((meeting) => isOfType(meeting, wanted));
      const { items, ...page } = paginate(listed, query);
      const shown = items.map((meeting) => showZoomMeetingInList(apiUrl, meeting));
      return { status: 200, body: { ...page, meetings: shown } };
    }),
  );

  router.get(
    '/meetings/:meetingId',
    apiOperation('ZoomGetMeeting', 'Light', (caller, request) => {
      const meeting = findMeeting(caller, READ_MEETING, request);
      return { status: 200, body: showZoomMeeting(apiUrl, meeting) };
    }),
  );

  router.patch(
    '/meetings/:meetingId',
    apiOperation('ZoomUpdateMeeting', 'Light', (caller, request) => {
      const meeting = findMeeting(caller, UPDATE_MEETING, request);
      meetings.update(meeting, readMeetingChanges(request.body, meeting));
      return { status: 204, body: undefined };
    }),
  );

  router.delete(
    '/meetings/:meetingId',
    apiOperation('ZoomDeleteMeeting', 'Light', (caller, request) => {
      meetings.remove(findMeeting(caller, DELETE_MEETING, request));
      return { status: 204, body: undefined };
    }),
  );

  router.get(
    '/meetings/:meetingId/invitation',
    apiOperation('ZoomGetInvitation', 'Light', (caller, request) => {
      const meeting = findMeeting(caller, READ_INVITATION, request);
      return { status: 200, body: showInvitation(apiUrl, meeting) };
    }),
  );

  return router;
}

const typeSchema = z.object({
  type: z
    .enum(['scheduled', 'live', 'upcoming', 'upcoming_meetings', 'previous_meetings'])
    .catch('scheduled'),
});

/** None is ever live: the sandbox's meetings do not take place. Those without a start are still to come. */
function isOfType({ startTime }: ZoomMeeting, type: z.infer<typeof typeSchema>['type']): boolean {
  if (type === 'scheduled') return true;
  const isPast = startTime !== undefined && Date.parse(startTime) < Date.now();
  return type === 'previous_meetings' ? isPast : type !== 'live' && !isPast;
}
