import { Router } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { listInstallations } from '../../platform/installations.ts';
import { defaultMemberId } from '../../platform/switchboard-members.ts';
import type { Account } from '../../state/records.ts';
import type { World } from '../../create-world.ts';
import { ADMIN_PATH } from '../admin-center/admin-routes.ts';
import { listConversations } from '../agent-workspace/list-conversations.ts';

interface HomeOptions {
  platform: Platform;
  services: World['services'];
}

/** The front page: what this is, the accounts and how they are, and the way to every face and service. */
export function createHomeRoutes({ platform, services }: HomeOptions) {
  const router = Router();

  router.get('/', (_request, response) => {
    const accounts = [...platform.state.accounts.values()].map((account) => ({
      ...account,
      bots: listBots(platform, account),
      places: listPlaces(platform, account),
    }));
    const cards = [...services].flatMap(([{ card }, one]) =>
      card === undefined ? [] : [{ view: card, shown: one.showCard?.() ?? {} }],
    );
    const others = [...services.keys()].filter(({ card }) => card === undefined);
    response.render('home', { accounts, cards, others });
  });

  return router;
}

function listBots({ state }: Platform, account: Account) {
  const assigned = defaultMemberId(state, account);
  return listInstallations(state, account).map(({ clientId, switchboardIntegrationId }) => ({
    name: state.clients.get(clientId)?.details.name ?? clientId,
    isAssigned: switchboardIntegrationId === assigned,
  }));
}

/** The pages of an account, each with how it is there. */
function listPlaces(platform: Platform, account: Account) {
  const conversations = listConversations(platform, account);
  const waiting = conversations.filter(({ waitingSince }) => waitingSince !== undefined).length;
  const [newest] = conversations.toSorted((a, b) => b.lastAt.localeCompare(a.lastAt));
  const phones = [...platform.state.channelClients.values()].filter(
    ({ account: of, type }) => of === account.slug && type === 'whatsapp',
  ).length;
  return [
    {
      path: 'messenger',
      label: 'Messenger',
      icon: 'chat',
      words: newest?.preview ?? 'Chat as a customer',
    },
    {
      path: 'phone',
      label: 'Phone',
      icon: 'phone',
      words: count(phones, 'number') ?? 'Write by WhatsApp',
    },
    {
      path: 'agent',
      label: 'Agent Workspace',
      icon: 'agent',
      words:
        waiting > 0
          ? `${waiting} waiting for you`
          : (count(conversations.length, 'conversation') ?? 'Answer as an agent'),
      isUrgent: waiting > 0,
    },
    {
      path: ADMIN_PATH,
      label: 'Admin Center',
      icon: 'admin',
      words: 'Bots and customers',
    },
  ];
}

/** Undefined: there is none to count. */
function count(number: number, what: string): string | undefined {
  if (number === 0) return undefined;
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
