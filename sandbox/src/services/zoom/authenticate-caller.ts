import type { Request } from 'express';
import type { Zoom } from './create-zoom.ts';
import { zoomUsers } from './predefined-users.ts';
import type { ZoomUser } from './predefined-users.ts';
import { ZoomApiError } from './zoom-errors.ts';

export interface ZoomCaller {
  /** Undefined: a Server-to-Server app, which is no user. */
  user: ZoomUser | undefined;
  scopes: string[];
}

/** Throws 401 with code 124 when the access token is missing, unknown, expired or revoked. */
export function authenticateCaller({ tokens, apps }: Zoom, request: Request): ZoomCaller {
  const value = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = value === undefined ? undefined : tokens.find(value);
  if (!token || !apps.find(token.clientId)?.isActive) {
    throw new ZoomApiError(401, 124, 'Invalid access token.');
  }
  const userId = tokens.findGrant(token)?.userId;
  return { user: zoomUsers.find(({ id }) => id === userId), scopes: token.scopes };
}
