import express, { Router } from 'express';
import type { Request } from 'express';
import { readClientCredentials } from '../../oauth/read-client-credentials.ts';
import type { Zoom } from './create-zoom.ts';
import type { ZoomOperations } from './create-zoom-operations.ts';
import { exchangeToken } from './exchange-token.ts';
import type { ZoomApp } from './records.ts';
import { ZoomTokenError } from './zoom-errors.ts';

interface RoutesOptions {
  zoom: Zoom;
  operations: ZoomOperations;
}

/** Tokens: issuing, renewing and revoking them. Fields come in the form or in the query. */
export function createZoomOAuthRoutes({ zoom, operations: { oauthOperation } }: RoutesOptions) {
  const router = Router();
  router.use(express.urlencoded({ extended: false }));

  router.post(
    '/token',
    oauthOperation('ZoomToken', (request) => {
      const fields = readFields(request);
      const app = authenticateApp(zoom, request, fields);
      if (!app.isActive) throw new ZoomTokenError('invalid_client', 'The app has been disabled');
      return { status: 200, body: exchangeToken(zoom, app, fields) };
    }),
  );

  router.post(
    '/revoke',
    oauthOperation('ZoomRevoke', (request) => {
      const fields = readFields(request);
      const app = authenticateApp(zoom, request, fields);
      const token = zoom.tokens.find(String(fields['token']));
      if (token?.clientId !== app.clientId) {
        throw new ZoomTokenError('invalid_request', 'Invalid Token!');
      }
      const grant = zoom.tokens.findGrant(token);
      // Revoking is how an app removes itself: Zoom tells it as if the user had done it.
      if (grant) zoom.authorizations.remove(grant);
      else zoom.tokens.revokeAccessToken(token.value);
      return { status: 200, body: { status: 'success' } };
    }),
  );

  return router;
}

function readFields({ query, body }: Request): Record<string, unknown> {
  return { ...query, ...body };
}

function authenticateApp({ apps }: Zoom, request: Request, fields: unknown): ZoomApp {
  // Whether Zoom decodes what RFC 6749 §2.3.1 has clients encode is not documented. Here it does
  // not, so that a client that encodes is found out.
  const given = readClientCredentials(request.headers.authorization, fields, (part) => part);
  if (!given) throw new ZoomTokenError('invalid_client', 'Client ID or client secret is missing.');
  const app = apps.find(given.clientId);
  if (app?.clientSecret === given.clientSecret) return app;
  throw new ZoomTokenError('invalid_client', 'Invalid client_id or client_secret');
}
