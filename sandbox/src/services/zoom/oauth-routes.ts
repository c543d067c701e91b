import express, { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import { ACCESS_TOKEN_LIFETIME } from '../../oauth/create-tokens.ts';
import { isVerified } from '../../oauth/read-authorization-request.ts';
import { readClientCredentials } from '../../oauth/read-client-credentials.ts';
import type { ZoomOperations } from './create-zoom-operations.ts';
import type { Zoom } from './create-zoom.ts';
import { ZoomTokenError } from './errors.ts';
import type { ZoomApp } from './zoom-state.ts';

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
      const fields = fieldsOf(request);
      const app = authenticateApp(zoom, request, fields);
      if (!app.isActive) throw new ZoomTokenError('invalid_client', 'The app has been disabled');
      return { status: 200, body: exchangeToken(zoom, app, fields) };
    }),
  );

  router.post(
    '/revoke',
    oauthOperation('ZoomRevoke', (request) => {
      const fields = fieldsOf(request);
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

function fieldsOf({ query, body }: Request): Record<string, unknown> {
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

const fieldsSchema = z.discriminatedUnion('grant_type', [
  z.object({
    grant_type: z.literal('authorization_code'),
    code: z.string(),
    redirect_uri: z.string().optional(),
    code_verifier: z.string().optional(),
  }),
  z.object({ grant_type: z.literal('refresh_token'), refresh_token: z.string() }),
  z.object({ grant_type: z.literal('account_credentials'), account_id: z.string() }),
]);

type Fields = z.infer<typeof fieldsSchema>;

const GRANT_TYPES = new Set<unknown>([
  'authorization_code',
  'refresh_token',
  'account_credentials',
]);

/** Returns the body of the answer to a token request. @throws a ZoomTokenError. */
export function exchangeToken(zoom: Zoom, app: ZoomApp, input: Record<string, unknown>) {
  const { accessToken, refreshToken, scopes } = issue(zoom, app, readFields(app, input));
  return {
    access_token: accessToken,
    token_type: 'bearer',
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    expires_in: ACCESS_TOKEN_LIFETIME,
    scope: scopes.join(' '),
    api_url: zoom.apiUrl,
  };
}

/** An app of the one kind does not get the tokens of the other. */
function readFields(app: ZoomApp, input: Record<string, unknown>): Fields {
  const type = input['grant_type'];
  if (type === undefined) throw new ZoomTokenError('invalid_request', 'Missing grant type.');
  const isForServer = type === 'account_credentials';
  if (!GRANT_TYPES.has(type) || isForServer !== (app.kind === 'server-to-server')) {
    throw new ZoomTokenError('unsupported_grant_type', 'unsupported grant type');
  }
  const fields = fieldsSchema.safeParse(input);
  if (fields.success) return fields.data;
  throw new ZoomTokenError('invalid_request', 'Bad Request');
}

function issue(
  zoom: Zoom,
  app: ZoomApp,
  fields: Fields,
): { accessToken: string; refreshToken?: string; scopes: string[] } {
  const { clientId, scopes } = app;
  switch (fields.grant_type) {
    case 'authorization_code': {
      const code = zoom.codes.spend(fields.code, clientId);
      if (!code) throw new ZoomTokenError('invalid_grant', 'Invalid authorization code.');
      if (code.redirectUri !== fields.redirect_uri) {
        throw new ZoomTokenError('invalid_request', 'Redirect URI mismatch.');
      }
      if (!isVerified(code.challenge, fields.code_verifier)) {
        throw new ZoomTokenError('invalid_grant', 'Invalid code verifier.');
      }
      return zoom.authorizations.allow(code);
    }
    case 'refresh_token':
      return zoom.authorizations.refresh(app, fields.refresh_token);
    case 'account_credentials':
      if (app.kind !== 'server-to-server' || app.accountId !== fields.account_id) {
        throw new ZoomTokenError('invalid_request', 'Bad Request');
      }
      return { accessToken: zoom.tokens.issueToApplication(clientId, scopes), scopes };
  }
}
