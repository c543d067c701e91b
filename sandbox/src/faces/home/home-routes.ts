import { Router } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { listInstallations } from '../../platform/installations.ts';
import type { World } from '../../create-world.ts';

interface HomeOptions {
  platform: Platform;
  services: World['services'];
}

/** The front page: what this is, the accounts, and the way to every face and service. */
export function createHomeRoutes({ platform, services }: HomeOptions) {
  const { state } = platform;
  const router = Router();

  router.get('/', (_request, response) => {
    const accounts = [...state.accounts.values()].map((account) => ({
      ...account,
      bots: listInstallations(state, account).map(
        ({ clientId }) => state.clients.get(clientId)?.details.name ?? clientId,
      ),
    }));
    const cards = [...services].flatMap(([{ card }, one]) =>
      card === undefined ? [] : [{ view: card, shown: one.showCard?.() ?? {} }],
    );
    const others = [...services.keys()].filter(({ card }) => card === undefined);
    response.render('home', { accounts, cards, others });
  });

  return router;
}
