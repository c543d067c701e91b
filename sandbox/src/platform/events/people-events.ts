import type { ChannelClient, Conversation, User } from '../../state/records.ts';
import type { Metadata } from '../../state/values.ts';
import { showTruncatedConversation } from '../api-shapes.ts';
import type { Platform } from '../create-platform.ts';
import { showChannelClient, showTruncatedUser, showUserForWebhook } from '../people-shapes.ts';

/** Words what becomes of customers, and of how they are reached. */
type Needs = Pick<Platform, 'state' | 'deliveries'>;

const API = { type: 'api' };

export function publishUserUpdated(
  { deliveries }: Needs,
  user: User,
  reason: 'authentication' | 'localeDetection' | undefined,
  source: { type: string; integrationId?: string | undefined } = API,
): void {
  const { account, id: lane } = user;
  deliveries.publish({
    account,
    type: 'user:update',
    lane,
    payload: (webhook) => ({
      user: showUserForWebhook(user, webhook),
      ...(reason && { reason }),
      source,
    }),
  });
}

export function publishUserRemoved({ deliveries }: Needs, user: User): void {
  const { account, id: lane } = user;
  const shown = { user: showTruncatedUser(user) };
  deliveries.publish({ account, type: 'user:remove', lane, payload: () => shown });
}

export type MergeReason = 'api' | 'channelLinking' | 'sdkLogin';

export interface Merge {
  surviving: User;
  discarded: User;
  reason: MergeReason;
  /** The conversations, and the clients, that became one, if any did. */
  conversations?: { surviving: Conversation; discarded: Conversation } | undefined;
  clients?: { surviving: ChannelClient; discarded: ChannelClient } | undefined;
  /** What did not fit into the survivor's. */
  discardedMetadata?: Metadata | undefined;
}

export function publishUsersMerged({ state, deliveries }: Needs, merge: Merge): void {
  const { surviving, discarded, reason, conversations, clients, discardedMetadata } = merge;
  const { account, id: lane } = surviving;
  const show = (conversation: Conversation) => showTruncatedConversation(state, conversation);
  const shown = {
    ...(conversations && {
      mergedConversations: {
        surviving: show(conversations.surviving),
        discarded: show(conversations.discarded),
      },
    }),
    ...(clients && {
      mergedClients: {
        surviving: showChannelClient(clients.surviving),
        discarded: showChannelClient(clients.discarded),
      },
    }),
    ...(discardedMetadata && { discardedMetadata }),
    reason,
  };
  deliveries.publish({
    account,
    type: 'user:merge',
    lane,
    payload: (webhook) => ({
      mergedUsers: {
        surviving: showUserForWebhook(surviving, webhook),
        discarded: showUserForWebhook(discarded, webhook),
      },
      ...shown,
    }),
  });
}

type ClientReasons = {
  'client:add': 'channelLinking' | 'sdkLogin';
  'client:update': 'confirmed' | 'blocked' | 'unblocked' | 'matched';
  'client:remove': 'api' | 'linkCancelled' | 'linkFailed' | 'sdk' | 'theft';
};

interface ClientChange {
  conversation?: Conversation | undefined;
  error?: { code: string; message: string };
}

export function publishClient<Type extends keyof ClientReasons>(
  { state, deliveries }: Needs,
  type: Type,
  client: ChannelClient,
  reason: ClientReasons[Type],
  { conversation, error }: ClientChange = {},
): void {
  const { account, userId: lane } = client;
  const user = state.users.get(client.userId);
  const web = { type: 'web', integrationId: state.accounts.get(account)?.webIntegrationId };
  const source = reason === 'sdk' || reason === 'sdkLogin' ? web : API;
  const shown = {
    ...(conversation && { conversation: showTruncatedConversation(state, conversation) }),
    ...(user && { user: showTruncatedUser(user) }),
    client: showChannelClient(client),
    reason,
    ...(error && { error }),
    ...(type !== 'client:update' && { source }),
  };
  deliveries.publish({ account, type, lane, payload: () => shown });
}
