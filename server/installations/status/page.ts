import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import type { Feature } from '../../features/feature.ts';
import type { Installation } from '../../store/schema.ts';
import { adminCenterUrl } from '../../zendesk/urls.ts';
import { completeInstall } from '../install/complete.ts';
import { findOwned } from '../owned.ts';

/** Below `/installations/{id}`: what features let the owner check and set, and the way out. */
export const SETTINGS_PATH = '/manage';

/** The pages of an account, in the order of their links. */
export function listTabs(features: readonly Pick<Feature, 'tab'>[]) {
  return [
    { name: 'Overview', path: '' },
    ...features.flatMap(({ tab }) => tab ?? []),
    { name: 'Settings', path: SETTINGS_PATH },
  ];
}

/** The overview of one installation: how it is, and what the features show of it. */
export async function showStatus(core: Core, request: Request, response: Response) {
  const found = await findOwned(core, request);
  if (found.status === 'installing') {
    // The token was kept but tokenInfo failed: go on from there, as often as it takes.
    response.locals['retryHref'] = `/installations/${found.id}`;
    const id = await core.observe.work(undefined, () => completeInstall(core, found.id));
    return response.redirect(303, `/installations/${id}`);
  }
  const shown = core.parts.map(async (part) => (await part.cards?.(found, request)) ?? []);
  const cards = (await Promise.all(shown)).flat();
  const [newest] = await core.conversations.list(found.id, 1);
  const described = await describe(core, found);
  const more = { cards, hasConversations: newest !== undefined };
  response.render('installations/status', { ...described, ...more });
}

/** Its settings: those of the features, and the way out. */
export async function showSetup(core: Core, request: Request, response: Response) {
  const found = await findOwned(core, request);
  const shown = core.parts.map(async (part) => (await part.settingsCards?.(found, request)) ?? []);
  const cards = (await Promise.all(shown)).flat();
  const described = await describe(core, found);
  response.render('installations/manage', { ...described, title: 'Settings', cards });
}

async function describe({ installations, config }: Core, found: Installation) {
  // What a feature asked of Zendesk may have shown that the account has moved.
  const installation = (await installations.find(found.id)) ?? found;
  const { id, display_name: name, subdomain, status } = installation;
  const { app_id: appId, integration_id: integrationId, created_at: createdAt } = installation;
  return {
    title: name,
    account: { href: `/installations/${id}`, name },
    installation: { id, name, appId, subdomain, status, integrationId, createdAt },
    /** As far as we know: Zendesk may have lost its webhook since. */
    hasWebhook: installation.webhook_id !== null,
    adminCenterHref: adminCenterUrl(config.zendesk, subdomain),
  };
}
