import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';
import { adminCenterUrl } from '../../zendesk/urls.ts';
import { completeInstall } from '../install/complete.ts';
import { findOwned } from '../owned.ts';
import type { DescribeWebhook } from '../webhook/describe.ts';

/** The overview of one installation: how it is, and what the features show of it. */
export async function showStatus(
  core: Core & { describeWebhook: DescribeWebhook },
  request: Request,
  response: Response,
) {
  const found = await findOwned(core, request);
  if (found.status === 'installing') {
    // The token was kept but tokenInfo failed: go on from there, as often as it takes.
    response.locals['retryHref'] = `/installations/${found.id}`;
    const id = await core.observe.work(undefined, () => completeInstall(core, found.id));
    return response.redirect(303, `/installations/${id}`);
  }
  // refresh-panels.js wants what our own database knows.
  const look = request.query['panels'] === undefined ? 'if-old' : 'never';
  const { installation, webhook } = await lookAtWebhook(core, found, look);
  const { id } = installation;
  const { query } = request;
  const view = core.parts.map(async (part) => (await part.cards?.(installation, { query })) ?? []);
  const [[newest], ...cards] = await Promise.all([core.conversations.list(id, 1), ...view]);
  response.render('installations/status', {
    title: installation.display_name,
    ...describe(core, installation),
    webhook,
    cards: cards.flat(),
    hasConversations: newest !== undefined,
  });
}

/** What an installation is set up with: ids, webhook, data, and the way out. */
export async function showSetup(
  core: Core & { describeWebhook: DescribeWebhook },
  request: Request,
  response: Response,
) {
  const found = await findOwned(core, request);
  // A form may have changed it.
  const look = request.session.flash === undefined ? 'if-old' : 'again';
  const { installation, webhook } = await lookAtWebhook(core, found, look);
  const { ownerId } = request.session;
  const cards = core.parts.map(
    async (part) => (await part.settingsCards?.(installation, ownerId)) ?? [],
  );
  response.render('installations/manage', {
    title: 'Settings',
    ...describe(core, installation),
    webhook,
    cards: (await Promise.all(cards)).flat(),
  });
}

/** Looking at the webhook may show that the account has moved. */
async function lookAtWebhook(
  core: Core & { describeWebhook: DescribeWebhook },
  found: Installation,
  look: Parameters<DescribeWebhook>[1],
) {
  const webhook = await core.describeWebhook(found, look);
  return { webhook, installation: (await core.installations.find(found.id)) ?? found };
}

function describe({ sandboxUrl, config }: Core, installation: Installation) {
  const { id, display_name: name, subdomain } = installation;
  const account =
    sandboxUrl === null || subdomain === null ? null : `${sandboxUrl}/accounts/${subdomain}`;
  return {
    account: { href: `/installations/${id}`, name },
    installation: {
      id,
      name,
      appId: installation.app_id,
      subdomain,
      status: installation.status,
      integrationId: installation.integration_id,
      createdAt: installation.created_at,
    },
    adminCenterHref: adminCenterUrl(config.zendesk, subdomain),
    messengerHref: account === null ? sandboxUrl : `${account}/messenger`,
    agentHref: account === null ? sandboxUrl : `${account}/agent`,
  };
}
