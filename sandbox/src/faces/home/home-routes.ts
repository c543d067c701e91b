import { Router } from 'express';
import { findBot } from '../../platform/find-bot.ts';
import type { Platform } from '../../platform/create-platform.ts';

/** The front page: what this is, the accounts, and the way to every face. */
export function createHomeRoutes({ platform }: { platform: Platform }) {
  const { state, installations } = platform;
  const router = Router();

  router.get('/', (_request, response) => {
    const accounts = [...state.accounts.values()].map((account) => ({
      ...account,
      bots: installations
        .listOf(account)
        .map(({ clientId }) => findBot(state, clientId)?.details.name ?? clientId),
    }));
    const apps = [...state.portal.apps.values()];
    response.render('home', { accounts, apps });
  });

  return router;
}
