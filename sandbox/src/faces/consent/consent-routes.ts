import { Router } from 'express';
import { z } from 'zod';
import { mayInstall } from '../../platform/clients.ts';
import { findInstallation } from '../../platform/installations.ts';
import type { Platform } from '../../platform/create-platform.ts';
import type { State } from '../../state/state.ts';
import { allowFormTarget } from '../../web/page-security.ts';

const decisionSchema = z.object({
  decision: z.enum(['allow', 'deny']),
  account: z.string().optional(),
});

/** The page where an admin picks an account and allows or denies a client access to it. */
export function createConsentRoutes({ platform }: { platform: Platform }) {
  const { state, codes, worldSuffix } = platform;
  const router = Router();

  /** Where the client hears that it may. */
  function grant({ app, redirectUri, state: asked }: Asked, account: string): string {
    const target = new URL(redirectUri);
    target.searchParams.set('code', codes.issue({ clientId: app.clientId, account }));
    if (asked !== undefined) target.searchParams.set('state', asked);
    return target.href;
  }

  router.get('/', (request, response, next) => {
    const asked = readAuthorizationRequest(state, request.query);
    if ('problem' in asked) {
      response.status(400).render('consent/refused', asked);
      return;
    }
    const { app } = asked;
    const name = platform.consents.take(asked.state);
    const consented = name === undefined ? undefined : state.accounts.get(name + worldSuffix);
    if (consented && mayInstall(app, consented.slug)) {
      response.redirect(302, grant(asked, consented.slug));
      return;
    }
    const accounts = [...state.accounts.values()]
      .filter(({ slug }) => mayInstall(app, slug))
      .map((account) => ({
        ...account,
        isInstalled: findInstallation(state, account, app.clientId) !== undefined,
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
    if (account && !mayInstall(asked.app, account.slug)) {
      response.status(403).render('consent/refused', { problem: asked.app.disabled ?? '' });
      return;
    }
    if (answer.decision === 'allow' && account) {
      response.redirect(302, grant(asked, account.slug));
      return;
    }
    const target = new URL(asked.redirectUri);
    target.searchParams.set('error', 'access_denied');
    if (asked.state !== undefined) target.searchParams.set('state', asked.state);
    response.redirect(302, target.href);
  });

  return router;
}

/** A parameter given twice is an array here, and refused. */
const querySchema = z.object({
  client_id: z.string(),
  response_type: z.literal('code'),
  redirect_uri: z.string().optional(),
  state: z.string().optional(),
});

type Asked = Exclude<ReturnType<typeof readAuthorizationRequest>, { problem: string }>;

/**
 * What a client asks for, or the sentence for the person in front of the browser. A client or
 * redirect URI we do not know must never be redirected to.
 */
export function readAuthorizationRequest(state: State, query: unknown) {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    return { problem: `The request is not valid: ${names.join(', ')}.` };
  }
  const app = state.clients.get(parsed.data.client_id);
  if (!app) return { problem: 'No application has this client id.' };
  if (app.disabled !== null && app.testAccount === undefined) return { problem: app.disabled };
  const redirectUri = parsed.data.redirect_uri ?? app.redirectUris[0] ?? '';
  if (!app.redirectUris.includes(redirectUri)) {
    return { problem: `${app.details.name} has not registered this Redirect URL: ${redirectUri}` };
  }
  return { app, redirectUri, state: parsed.data.state };
}
