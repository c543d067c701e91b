import type { RequestHandler } from 'express';
import type { FeatureParts } from '../../features/feature.ts';
import type { Observe } from '../../observe.ts';
import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { ConversationStore } from '../../store/tables/conversations.ts';
import type { InstallationStore } from '../../store/tables/installations.ts';
import type { InstallationOwnerStore } from '../../store/tables/installation-owners.ts';
import { nameActivity } from './name-activity.ts';
import { adminCenterUrl, type ZendeskUrls } from '../../zendesk/urls.ts';
import { describeAccess } from '../access.ts';
import type { InstallSteps } from '../install/complete-install.ts';
import type { DescribeWebhook } from '../webhook/describe-webhook.ts';
import type { FindOwned } from '../find-owned.ts';

const ACTIVITY_LINES = 50;
const CONVERSATIONS = 50;

/** The status page of one installation. */
export function createShowStatus(options: {
  urls: ZendeskUrls;
  clientId: string;
  sandboxUrl: string | null;
  findOwned: FindOwned;
  steps: InstallSteps;
  describeWebhook: DescribeWebhook;
  installations: InstallationStore;
  installationOwners: InstallationOwnerStore;
  activityLog: ActivityLog;
  conversations: ConversationStore;
  observe: Observe;
  parts: readonly FeatureParts[];
}): RequestHandler {
  const { activityLog, conversations, sandboxUrl } = options;
  return async (request, response) => {
    const found = await options.findOwned(request);
    if (found.status === 'installing') {
      // The token was kept but tokenInfo failed: go on from there, as often as it takes.
      response.locals['retryHref'] = `/installations/${found.id}`;
      const id = await options.observe.work(undefined, () => options.steps.complete(found.id));
      return response.redirect(303, `/installations/${id}`);
    }
    // refresh-panels.js wants what our own database knows, and a form may have changed the webhook.
    const isRefresh = request.query['panels'] !== undefined;
    const isAfterForm = request.session.flash !== undefined;
    const look = isAfterForm ? 'again' : 'if-old';
    const webhook = await options.describeWebhook(found, isRefresh ? 'never' : look);
    // Looking at the webhook may just have shown that the account has moved.
    const installation = (await options.installations.find(found.id)) ?? found;
    const { id, subdomain } = installation;
    const [lines, list, ...cards] = await Promise.all([
      activityLog.latest(id, ACTIVITY_LINES),
      conversations.list(id, CONVERSATIONS),
      ...options.parts.map(async (part) => (await part.cards?.(installation)) ?? []),
    ]);
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
      access: await describeAccess(options, id, request.session.ownerId),
      cards: cards.flat(),
      adminCenterHref: adminCenterUrl(options.urls, subdomain),
      messengerHref: account === null ? sandboxUrl : `${account}/messenger`,
      agentHref: account === null ? sandboxUrl : `${account}/agent`,
      activity: lines.map((line) => ({ ...line, name: nameActivity(line.kind) })),
      liveHref: `/installations/${id}/activity`,
      conversations: list.map((conversation) => ({
        id: conversation.conversation_id,
        controller: conversation.controller ?? 'nobody',
        lastEventAt: conversation.last_event_at,
        ours: conversation.controller === options.clientId,
      })),
    });
  };
}
