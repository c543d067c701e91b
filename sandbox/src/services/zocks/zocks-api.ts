import express, { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import { readClientCredentials } from '../../oauth/read-client-credentials.ts';
import { createOperationRunner } from '../../operations.ts';
import { isSecretOf } from '../../state/registered-app.ts';
import type { Zocks, ZocksOperation } from './create-zocks.ts';
import { exchangeToken } from './exchange-token.ts';
import { OAuthError, readFields, showOAuthError, showOAuthRefusal } from './oauth-error.ts';
import { collections, listRecords } from './records.ts';
import type { Person, ZocksApp } from './zocks-state.ts';

const revokeSchema = z.object({ token: z.string() });

const listSchema = z.object({
  /** Only what has to do with this contact. */
  contact_email: z.email().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** What apps call: token and revoke, who the user is, and the data that their scopes open. */
export function createZocksApi(zocks: Zocks) {
  const { faults, calls } = zocks;
  const operation = createOperationRunner<ZocksOperation>({
    faults,
    calls,
    showError: showOAuthError,
    showRefusal: showOAuthRefusal,
  });
  const parseForm = express.urlencoded({ extended: false });
  const router = Router();

  router.post(
    '/oauth/token',
    parseForm,
    operation('ZocksToken', (request) => {
      const app = authenticateApp(zocks, request);
      const headers = { 'Cache-Control': 'no-store' };
      return { status: 200, headers, body: exchangeToken(zocks, app, request.body) };
    }),
  );

  router.post(
    '/oauth/revoke',
    parseForm,
    operation('ZocksRevoke', (request) => {
      const app = authenticateApp(zocks, request);
      const { token } = readFields(revokeSchema, request.body);
      const grant = zocks.tokens.findGrantByToken(token);
      // RFC 7009 §2.2: a token that is not valid is as good as revoked.
      if (grant?.clientId === app.clientId) zocks.tokens.revoke(grant);
      return { status: 200, body: {} };
    }),
  );

  router.get(
    '/api/v1/me',
    operation('ZocksGetMe', (request) => {
      const person = authenticatePerson(zocks, request, 'profile');
      const { id, name, email } = person;
      const account = zocks.permissions.accountOf(person);
      return {
        status: 200,
        body: { id, name, email, account: { id: account.id, name: account.name } },
      };
    }),
  );

  for (const { name: collection, operation: call, scope } of collections) {
    router.get(
      `/api/v1/${collection}`,
      operation(call, (request) => {
        const { accountId } = authenticatePerson(zocks, request, scope);
        const { contact_email: contactEmail, limit } = readFields(listSchema, request.query);
        const all = listRecords(collection, { accountId, contactEmail });
        return {
          status: 200,
          body: { [collection]: all.slice(0, limit), has_more: all.length > limit },
        };
      }),
    );
  }

  router.use('/api', (_request, response) => {
    const body = { error: 'not_found', error_description: 'The sandbox’s Zocks has no such call.' };
    response.status(404).json(body);
  });

  return router;
}

function authenticateApp(zocks: Zocks, { headers, body }: Request): ZocksApp {
  const given = readClientCredentials(headers.authorization, body, decodeFormPart);
  const app = zocks.apps.find(given?.clientId ?? '');
  if (app && given && isSecretOf(app, given.clientSecret)) return app;
  throw new OAuthError('invalid_client', 'The client id or secret is not valid.');
}

/** Whom the access token speaks for, when it may do that. */
function authenticatePerson(
  { tokens, people, apps }: Zocks,
  { headers }: Pick<Request, 'headers'>,
  scope: string,
): Person {
  const value = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const token = tokens.find(value);
  const person = people.findActive((token && tokens.findGrant(token)?.userId) ?? '');
  if (!token || !person) throw new OAuthError('invalid_token', 'The access token is not valid.');
  if (apps.find(token.clientId)?.isEnabled !== true) {
    throw new OAuthError('access_denied', 'The app is not enabled.');
  }
  if (token.scopes.includes(scope)) return person;
  throw new OAuthError('insufficient_scope', `This needs the scope ${scope}.`, { scope });
}

function decodeFormPart(part: string): string {
  return new URLSearchParams(`part=${part.replaceAll('&', '%26')}`).get('part') ?? '';
}
