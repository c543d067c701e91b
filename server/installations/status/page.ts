import type { Request, Response } from 'express';
import type { Core } from '../../core.ts';
import type { Card } from '../../features/feature.ts';
import type { Installation } from '../../store/schema.ts';
import { adminCenterUrl } from '../../zendesk/urls.ts';
import { completeInstall } from '../install/complete.ts';
import { findOwned } from '../owned.ts';
import type { DescribeWebhook } from '../webhook/describe.ts';

const CONVERSATIONS = 50;

/** The status page of one installation. */
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
  // refresh-panels.js wants what our own database knows, and a form may have changed the webhook.
  const isRefresh = request.query['panels'] !== undefined;
  const isAfterForm = request.session.flash !== undefined;
  const look = isAfterForm ? 'again' : 'if-old';
  const webhook = await core.describeWebhook(found, isRefresh ? 'never' : look);
  // Looking at the webhook may just have shown that the account has moved.
  const installation = (await core.installations.find(found.id)) ?? found;
  const { id, subdomain } = installation;
  const [conversations, cards] = await Promise.all([
    core.conversations.list(id, CONVERSATIONS),
    listCards(core, installation, request.session.ownerId),
  ]);
  const { sandboxUrl } = core;
  const account =
    sandboxUrl === null || subdomain === null ? null : `${sandboxUrl}/accounts/${subdomain}`;
  response.render('installations/status', {
    title: installation.display_name,
    installation: {
      id,
      name: installation.display_name,
      appId: installation.app_id,
      subdomain,
      status: installation.status,
      integrationId: installation.integration_id,
      createdAt: installation.created_at,
    },
    webhook,
    cards,
    adminCenterHref: adminCenterUrl(core.config.zendesk, subdomain),
    messengerHref: account === null ? sandboxUrl : `${account}/messenger`,
    agentHref: account === null ? sandboxUrl : `${account}/agent`,
    conversations: conversations.map((conversation) => ({
      id: conversation.conversation_id,
      controller: conversation.controller ?? 'nobody',
      lastEventAt: conversation.last_event_at,
      ours: conversation.controller === core.config.oauthClient.id,
    })),
  });
}

/** What the features show on the account's page. */
async function listCards(
  { parts }: Pick<Core, 'parts'>,
  installation: Installation,
  viewerId: string | undefined,
): Promise<Card[]> {
  const cards = parts.map(async (part) => (await part.cards?.(installation, viewerId)) ?? []);
  return (await Promise.all(cards)).flat();
}
