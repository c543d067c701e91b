import { Router } from 'express';
import { z } from 'zod';
import type { ZoomOperations } from './create-zoom-operations.ts';
import { findZoomUser } from './find-zoom-user.ts';
import { zoomUsers } from './predefined-users.ts';
import { LIST_USERS, READ_USER, requireScope } from './scopes.ts';
import { showZoomUser, showZoomUserInFull } from './show-zoom-user.ts';

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
