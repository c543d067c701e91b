import { Router } from 'express';
import { z } from 'zod';
import type { Platform } from '../../platform/create-platform.ts';
import { allowFormTarget } from '../../web/page-security.ts';
import { readAuthorizationRequest } from './read-authorization-request.ts';

const decisionSchema = z.object({
  decision: z.enum(['allow', 'deny']),
  account: z.string().optional(),
});

/** The page where an admin picks an account and allows or denies a client access to it. */
export function createConsentRoutes({ platform }: { platform: Platform }) {
  const { state, codes, installations } = platform;
  const router = Router();

  router.get('/', (request, response, next) => {
    const asked = readAuthorizationRequest(state, request.query);
    if ('problem' in asked) {
      response.status(400).render('consent/refused', asked);
      return;
    }
    const accounts = [...state.accounts.values()].map((account) => ({
      ...account,
      isInstalled: installations.find(account, asked.app.clientId) !== undefined,
    }));
    allowFormTarget(new URL(asked.redirectUri).origin)(request, response, (error) => {
      if (error) next(error);
      else response.render('consent/consent', { ...asked, accounts });
    });
  });

  router.post('/', (request, response) => {
    const asked = readAuthorizationRequest(state, request.body);
    const answer = decisionSchema.safeParse(request.body).data;
    const account = state.accounts.get(answer?.account ?? '');
    if ('problem' in asked) {
      response.status(400).render('consent/refused', asked);
      return;
    }
    if (!answer || (answer.decision === 'allow' && !account)) {
      response.status(400).render('consent/refused', { problem: 'No account was chosen.' });
      return;
    }
    const target = new URL(asked.redirectUri);
    if (answer.decision === 'allow' && account) {
      const grant = { clientId: asked.app.clientId, account: account.slug };
      target.searchParams.set('code', codes.issue(grant));
    } else {
      target.searchParams.set('error', 'access_denied');
    }
    if (asked.state !== undefined) target.searchParams.set('state', asked.state);
    response.redirect(302, target.href);
  });

  return router;
}
