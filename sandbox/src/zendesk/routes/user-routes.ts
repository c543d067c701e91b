import { Router } from 'express';
import type { Request } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { showUser } from '../../platform/people-shapes.ts';
import { mergeUsers } from '../../platform/people/merge.ts';
import { removeUser } from '../../platform/people/removal.ts';
import { syncUser } from '../../platform/people/sign-in.ts';
import {
  createUser,
  findByEmail,
  forgetPersonalInformation,
  updateUser,
} from '../../platform/people/users.ts';
import { ApiError } from '../../refused.ts';
import type { Account, User } from '../../state/records.ts';
import type { Operations } from '../create-operations.ts';
import { findUser, parseBody, pathParam, readBrandId } from '../read-request.ts';
import { syncBody, userCreateBody, userUpdateBody } from '../bodies/people-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
}

export function createUserRoutes({ platform, operations: { operation } }: RoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  router.post(
    '/',
    operation('CreateUser', ({ account }, request) => {
      const user = createUser(platform, account, parseBody(userCreateBody, request.body));
      return { status: 201, body: { user: showUser(user) } };
    }),
  );

  router.get(
    '/',
    operation('ListUsers', ({ account }, { query }) => {
      const email = query['filter[identities.email]'];
      if (typeof email !== 'string' || email === '') {
        throw new ApiError(400, 'bad_request', '.filter.identities.email: is required');
      }
      const brandId = readBrandId(query) ?? null;
      const users = findByEmail(state, account, email).filter(
        (user) => (user.brandId ?? null) === brandId,
      );
      return { status: 200, body: { users: users.map(showUser) } };
    }),
  );

  router.get(
    '/:userIdOrExternalId',
    operation('GetUser', (caller, request) => {
      return { status: 200, body: { user: showUser(findUser(state, caller, request)) } };
    }),
  );

  router.patch(
    '/:userIdOrExternalId',
    operation('UpdateUser', (caller, request) => {
      const user = findUser(state, caller, request);
      updateUser(platform, user, parseBody(userUpdateBody, request.body));
      return { status: 200, body: { user: showUser(user) } };
    }),
  );

  router.delete(
    '/:userIdOrExternalId',
    operation('DeleteUser', (caller, request) => {
      removeUser(platform, findUser(state, caller, request));
      return { status: 200, body: {} };
    }),
  );

  router.delete(
    '/:userIdOrExternalId/personalinformation',
    operation('DeleteUserPersonalInformation', (caller, request) => {
      const user = findUser(state, caller, request);
      forgetPersonalInformation(platform, user);
      return { status: 200, body: { user: showUser(user) } };
    }),
  );

  router.post(
    '/:zendeskId/sync',
    operation('SyncUser', ({ account }, request) => {
      const { survivingZendeskId } = parseBody(syncBody, request.body);
      const user = sync(account, request, survivingZendeskId);
      return { status: 200, body: { user: showUser(user) } };
    }),
  );

  function findLinked(account: Account, zendeskId: string): User | undefined {
    return [...state.users.values()].find(
      (one) => one.account === account.slug && one.zendeskId === zendeskId,
    );
  }

  /** Two users of Support may have become one: then so do their users here. */
  function sync(account: Account, request: Request, survivingId?: string): User {
    const zendeskId = pathParam(request, 'zendeskId');
    const outgoing = findLinked(account, zendeskId);
    const surviving = survivingId === undefined ? outgoing : findLinked(account, survivingId);
    const person = state.supportUsers.get(survivingId ?? zendeskId);
    if (!outgoing || person?.account !== account.slug) {
      throw new ApiError(404, 'user_not_found', 'User not found');
    }
    if (surviving && surviving !== outgoing)
      mergeUsers(platform, { surviving, discarded: outgoing, reason: 'api' });
    const user = surviving ?? outgoing;
    user.zendeskId = person.id;
    syncUser(platform, account, user, person);
    return user;
  }

  return router;
}
