import { Router } from 'express';
import { showUser } from '../platform/api-shapes.ts';
import type { Platform } from '../platform/create-platform.ts';
import { ApiError } from '../refused.ts';
import type { Operations } from './create-operations.ts';
import { parseBody, pathParam } from './read-request.ts';
import { userCreateBody } from './request-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
}

export function createUserRoutes({ platform, operations: { operation } }: RoutesOptions) {
  const { users } = platform;
  const router = Router({ mergeParams: true });

  router.post(
    '/',
    operation('CreateUser', ({ account }, request) => {
      const user = users.create(account, parseBody(userCreateBody, request.body));
      return { status: 201, body: { user: showUser(user) } };
    }),
  );

  router.get(
    '/:userIdOrExternalId',
    operation('GetUser', ({ account }, request) => {
      const id = pathParam(request, 'userIdOrExternalId');
      const user = users.findById(account, id) ?? users.findByExternalId(account, id);
      if (!user) throw new ApiError(404, 'user_not_found', 'User not found');
      return { status: 200, body: { user: showUser(user) } };
    }),
  );

  return router;
}
