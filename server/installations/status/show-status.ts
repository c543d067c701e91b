import type { RequestHandler } from 'express';
import type { LinkToSource } from '../../features/timeline/create-source-links.ts';
import type { Tracer } from '../../features/timeline/create-tracer.ts';
import type { EventStore } from '../../inbox/event-store.ts';
import type { ActivityStore } from '../../store/tables/activity.ts';
import type { ConversationStore } from '../../store/tables/conversations.ts';
import type { EventLog } from '../../inbox/event-log.ts';
import { EVENTS_READ } from '../../inbox/list-events.ts';
import type { InstallationStore } from '../../store/tables/installations.ts';
import type { OwnerStore } from '../../store/tables/owners.ts';
import type { Installation } from '../../store/schema.ts';
import { nameActivity } from './name-activity.ts';
import { adminCenterUrl, type ZendeskUrls } from '../../zendesk/base-url.ts';
import type { TraceStore } from '../../features/timeline/store/traces.ts';
import { describeAccess } from '../access.ts';
import type { InstallSteps } from '../install/complete-install.ts';
import type { DescribeWebhook } from '../webhook/describe-webhook.ts';
import type { FindOwned } from '../find-owned.ts';
import { readTimeline } from '../../features/timeline/show-timeline.ts';

const ACTIVITY_LINES = 50;
const CONVERSATIONS = 50;
const FAILED_EVENTS = 50;

/** The status page of one installation. */
export function createShowStatus(options: {
  urls: ZendeskUrls;
  clientId: string;
  sandboxUrl: string | null;
  findOwned: FindOwned;
  steps: InstallSteps;
  describeWebhook: DescribeWebhook;
  describeConnections: (installation: Installation) => Promise<object>;
  installations: InstallationStore;
  owners: OwnerStore;
  activity: ActivityStore;
  conversations: ConversationStore;
  events: EventStore;
  eventLog: EventLog;
  traces: TraceStore;
  tracer: Tracer;
  linkToSource: LinkToSource;
}): RequestHandler {
  const { activity, conversations, eventLog, events, sandboxUrl } = options;
  return async (request, response) => {
    const found = await options.findOwned(request);
    if (found.status === 'installing') {
      // The token was kept but tokenInfo failed: go on from there, as often as it takes.
      response.locals['retryHref'] = `/installations/${found.id}`;
      const id = await options.tracer.run(() => options.steps.complete(found.id));
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
    const [lines, failed, counts, list, timeline] = await Promise.all([
      activity.latest(id, ACTIVITY_LINES),
      events.listFailed(id, FAILED_EVENTS),
      eventLog.countByState(id),
      conversations.list(id, CONVERSATIONS),
      readTimeline(options, id),
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
      connections: await options.describeConnections(installation),
      adminCenterHref: adminCenterUrl(options.urls, subdomain),
      messengerHref: account === null ? sandboxUrl : `${account}/messenger`,
      agentHref: account === null ? sandboxUrl : `${account}/agent`,
      activity: lines.map((line) => ({ ...line, name: nameActivity(line.kind) })),
      liveHref: `/installations/${id}/activity`,
      failedEvents: failed.map((event) => ({
        eventId: event.event_id,
        type: event.type,
        note: event.note,
        attempts: event.attempts,
        receivedAt: event.received_at,
        canReplay: event.has_payload === 1,
      })),
      timeline,
      counts,
      isCountPartial: Object.values(counts).reduce((sum, count) => sum + count) >= EVENTS_READ,
      conversations: list.map((conversation) => ({
        id: conversation.conversation_id,
        controller: conversation.controller ?? 'nobody',
        lastEventAt: conversation.last_event_at,
        ours: conversation.controller === options.clientId,
      })),
    });
  };
}
