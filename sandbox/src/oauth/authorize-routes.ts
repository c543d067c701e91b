import { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import { allowFormTarget } from '../web/page-security.ts';
import type { AuthorizationCodes } from './create-authorization-codes.ts';
import { readAuthorizationRequest } from './read-authorization-request.ts';
import type { AskingApp, CodeChallenge } from './read-authorization-request.ts';

export interface CodeGrant {
  clientId: string;
  userId: string;
  redirectUri: string;
  scopes: string[];
  challenge: CodeChallenge | undefined;
}

interface AuthorizeOptions<App> {
  /** Whose login page this is. */
  service: string;
  /** The page where the user decides. */
  view: string;
  findApp: (clientId: string) => App | undefined;
  listUsers: () => readonly { id: string }[];
  /** Why this user cannot allow the app; absent: everybody can. */
  refuseUser?: (app: App, userId: string) => string | undefined;
  /** Whom the page has chosen already. */
  findSignedIn?: (request: Request) => { id: string } | undefined;
  codes: AuthorizationCodes<CodeGrant>;
  /** Who answers, for clients that check that (RFC 9207); absent: the answer does not say. */
  issuer?: string;
}

const decisionSchema = z.object({
  decision: z.enum(['allow', 'deny']),
  user: z.string().optional(),
});

/** The authorization endpoint of a service other than Zendesk: choose a user, allow or deny. */
export function createAuthorizeRoutes<App extends AskingApp>(options: AuthorizeOptions<App>) {
  const { service, view, findApp, listUsers, refuseUser, findSignedIn, codes, issuer } = options;
  const router = Router();

  router.get('/', (request, response, next) => {
    const asked = readAuthorizationRequest(findApp, request.query);
    if ('problem' in asked) {
      response.status(400).render('consent/refused', { ...asked, service });
      return;
    }
    const users = listUsers();
    const chosenId = findSignedIn?.(request)?.id ?? users[0]?.id;
    const page = { service, users, chosenId, action: request.baseUrl, query: request.query };
    allowFormTarget(new URL(asked.redirectUri).origin)(request, response, (error) => {
      if (error) next(error);
      else response.render(view, { ...asked, ...page });
    });
  });

  router.post('/', (request, response) => {
    const asked = readAuthorizationRequest(findApp, request.body);
    const answer = decisionSchema.safeParse(request.body).data;
    const user = listUsers().find(({ id }) => id === answer?.user);
    if ('problem' in asked) {
      response.status(400).render('consent/refused', { ...asked, service });
      return;
    }
    if (!answer || (answer.decision === 'allow' && !user)) {
      const problem = 'No user was chosen.';
      response.status(400).render('consent/refused', { problem, service });
      return;
    }
    const { app, redirectUri, scopes, challenge } = asked;
    const refusal = user && answer.decision === 'allow' && refuseUser?.(app, user.id);
    if (refusal) {
      response.status(403).render('consent/refused', { problem: refusal, service });
      return;
    }
    const target = new URL(redirectUri);
    if (answer.decision === 'allow' && user) {
      const { clientId } = app;
      const grant = { clientId, userId: user.id, redirectUri, scopes, challenge };
      target.searchParams.set('code', codes.issue(grant));
    } else {
      target.searchParams.set('error', 'access_denied');
      target.searchParams.set('error_description', 'The user denied the request.');
    }
    if (issuer !== undefined) target.searchParams.set('iss', issuer);
    if (asked.state !== undefined) target.searchParams.set('state', asked.state);
    response.redirect(302, target.href);
  });

  return router;
}
