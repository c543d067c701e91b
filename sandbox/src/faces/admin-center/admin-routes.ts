import { Router } from 'express';
import type { Request, Response } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { renameAccount, subdomainOf } from '../../platform/accounts.ts';
import { assign, listInstallations, uninstall } from '../../platform/installations.ts';
import { listWebhooks } from '../../platform/webhooks.ts';
import { Refused } from '../../refused.ts';
import type { Account, Installation } from '../../state/records.ts';
import { findAccount } from '../../web/requests.ts';
import { streamChanges } from '../../web/stream-changes.ts';
import type { HeaderCheck } from '../../zendesk/create-header-check.ts';

/** The path of the page in the real Admin Center. */
export const ADMIN_PATH = 'admin/ai/ai-agents/ai-agents/marketplace-bots';

interface AdminRoutesOptions {
  platform: Platform;
  headerCheck: HeaderCheck;
}

/** Admin Center › Marketplace bots: what is installed, who answers, and the way to remove it. */
export function createAdminRoutes({ platform, headerCheck }: AdminRoutesOptions) {
  const { state, changes } = platform;
  const page = (account: Account) => `/accounts/${account.slug}/${ADMIN_PATH}`;
  const router = Router({ mergeParams: true });

  function findOwn(account: Account, { params }: Request): Installation {
    const installation = state.installations.get(String(params['installationId']));
    if (installation?.account === account.slug) return installation;
    throw new Refused(404, 'This bot is not installed.');
  }

  function show(account: Account, installation: Installation) {
    return {
      ...installation,
      app: state.clients.get(installation.clientId),
      isAssigned: account.assignedInstallationId === installation.id,
      webhooks: listWebhooks(state, installation),
      headers: headerCheck.report(installation.id),
    };
  }

  function render(response: Response, account: Account, problem?: string) {
    const bots = listInstallations(state, account).map((one) => show(account, one));
    const subdomain = subdomainOf(account);
    response
      .status(problem === undefined ? 200 : 400)
      .render('admin/marketplace-bots', { account, bots, subdomain, problem });
  }

  router.get('/', (request, response) => render(response, findAccount(state, request)));

  router.post('/subdomain', (request, response) => {
    const account = findAccount(state, request);
    try {
      renameAccount(platform, account, request.body.subdomain);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return render(response, account, error.message);
    }
    return response.redirect(303, page(account));
  });

  router.get('/changes', (request, response) => {
    const { slug } = findAccount(state, request);
    const concerns = (change: { account?: string; conversationId?: string }) =>
      change.account === slug && change.conversationId === undefined;
    streamChanges(changes, concerns, request, response);
  });

  router.post('/:installationId/assign', (request, response) => {
    const account = findAccount(state, request);
    assign(platform, account, findOwn(account, request));
    response.redirect(303, page(account));
  });

  router.get('/:installationId/remove', (request, response) => {
    const account = findAccount(state, request);
    response.render('admin/remove', { account, bot: show(account, findOwn(account, request)) });
  });

  router.post('/:installationId/remove', (request, response) => {
    const account = findAccount(state, request);
    uninstall(platform, account, findOwn(account, request));
    response.redirect(303, page(account));
  });

  return router;
}
