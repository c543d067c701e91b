import type { Request, RequestHandler } from 'express';
import { createOperationRunner } from '../../operations.ts';
import type { Answer } from '../../operations.ts';
import type { Zoom, ZoomOperation } from './create-zoom.ts';
import {
  rateLimitHeaders,
  showApiError,
  showApiRefusal,
  showTokenError,
  showTokenRefusal,
  ZoomApiError,
} from './errors.ts';
import type { RateCategory } from './errors.ts';
import { zoomUsers } from './users.ts';
import type { ZoomUser } from './users.ts';

export type ZoomOperations = ReturnType<typeof createZoomOperations>;

export function createZoomOperations(zoom: Zoom) {
  const { faults, calls } = zoom;
  const runApi = createOperationRunner<ZoomOperation>({
    faults,
    calls,
    showError: showApiError,
    showRefusal: showApiRefusal,
  });

  return {
    /** A call of the token or the revoke endpoint. */
    oauthOperation: createOperationRunner<ZoomOperation>({
      faults,
      calls,
      showError: showTokenError,
      showRefusal: showTokenRefusal,
    }),

    /** A call of the API, made with an access token. */
    apiOperation: (
      name: ZoomOperation,
      category: RateCategory,
      work: (caller: ZoomCaller, request: Request) => Answer,
    ): RequestHandler[] => [
      (_request, response, next) => {
        response.set(rateLimitHeaders(category));
        next();
      },
      runApi(name, (request) => work(authenticateCaller(zoom, request), request)),
    ],
  };
}

export interface ZoomCaller {
  /** Undefined: a Server-to-Server app, which is no user. */
  user: ZoomUser | undefined;
  scopes: string[];
}

/** Throws 401 with code 124 when the access token is missing, unknown, expired or revoked. */
function authenticateCaller({ tokens, apps }: Zoom, request: Request): ZoomCaller {
  const value = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = value === undefined ? undefined : tokens.find(value);
  if (!token || !apps.find(token.clientId)?.isActive) {
    throw new ZoomApiError(401, 124, 'Invalid access token.');
  }
  const userId = tokens.findGrant(token)?.userId;
  return { user: zoomUsers.find(({ id }) => id === userId), scopes: token.scopes };
}

/** What allows a call: granular scopes, and the classic ones of older apps. */
export interface NeededScopes {
  /** For the user's own things. */
  own: string[];
  /** For everybody's in the account. */
  any: string[];
}

export const READ_USER: NeededScopes = {
  own: ['user:read:user', 'user:read'],
  any: ['user:read:user:admin', 'user:read:admin'],
};

export const LIST_USERS: NeededScopes = {
  own: [],
  any: ['user:read:list_users:admin', 'user:read:admin'],
};

export const CREATE_MEETING: NeededScopes = {
  own: ['meeting:write:meeting', 'meeting:write'],
  any: ['meeting:write:meeting:admin', 'meeting:write:admin'],
};

export const READ_MEETING: NeededScopes = {
  own: ['meeting:read:meeting', 'meeting:read'],
  any: ['meeting:read:meeting:admin', 'meeting:read:admin'],
};

export const LIST_MEETINGS: NeededScopes = {
  own: ['meeting:read:list_meetings', 'meeting:read'],
  any: ['meeting:read:list_meetings:admin', 'meeting:read:admin'],
};

export const UPDATE_MEETING: NeededScopes = {
  own: ['meeting:update:meeting', 'meeting:write'],
  any: ['meeting:update:meeting:admin', 'meeting:write:admin'],
};

export const DELETE_MEETING: NeededScopes = {
  own: ['meeting:delete:meeting', 'meeting:write'],
  any: ['meeting:delete:meeting:admin', 'meeting:write:admin'],
};

export const READ_INVITATION: NeededScopes = {
  own: ['meeting:read:invitation', 'meeting:read'],
  any: ['meeting:read:invitation:admin', 'meeting:read:admin'],
};

/** How far the caller may reach; throws 4711, with status 400, when not at all. */
export function requireScope({ user, scopes }: ZoomCaller, needed: NeededScopes): 'own' | 'any' {
  if (needed.any.some((scope) => scopes.includes(scope))) return 'any';
  // A Server-to-Server app owns nothing itself.
  if (user && needed.own.some((scope) => scopes.includes(scope))) return 'own';
  const [own] = needed.own;
  const granular = [own, needed.any[0]].filter((scope) => scope !== undefined).join(', ');
  throw new ZoomApiError(400, 4711, `Invalid access token, does not contain scopes:[${granular}].`);
}
