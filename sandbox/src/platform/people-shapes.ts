import type { ChannelClient, Participant, User, Webhook } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { stableId } from '../state/values.ts';

/** How much of users and sources a webhook asked for. */
export type Include = Pick<Webhook, 'includeFullUser' | 'includeFullSource'>;

/** The part of a user that every event carries. */
export function showTruncatedUser({ id, authenticated, externalId, zendeskId, brandId }: User) {
  return {
    id,
    authenticated,
    ...(externalId !== undefined && { externalId }),
    ...(zendeskId !== undefined && { zendeskId }),
    ...(brandId && { brandId }),
  };
}

export function showUser(user: User) {
  const { signedUpAt, toBeRetained, email } = user;
  const identity = { type: 'email', value: email, verification: 'verified' };
  return {
    ...showTruncatedUser(user),
    ...(signedUpAt !== undefined && { signedUpAt }),
    ...(toBeRetained !== undefined && { toBeRetained }),
    profile: user.profile ?? {},
    metadata: user.metadata ?? {},
    identities: email === undefined ? [] : [identity],
  };
}

export function showUserForWebhook(user: User, include: Include) {
  return include.includeFullUser ? showUser(user) : showTruncatedUser(user);
}

/** The client of a channel. Those of websites have no integration: one serves all of them. */
export function showChannelClient(client: ChannelClient) {
  const { id, type, status, integrationId, externalId, displayName } = client;
  const { avatarUrl, lastSeen, linkedAt, info } = client;
  return {
    id,
    type,
    status,
    ...(integrationId !== undefined && { integrationId }),
    ...(externalId !== undefined && { externalId }),
    ...(displayName !== undefined && { displayName }),
    ...(avatarUrl !== undefined && { avatarUrl }),
    ...(lastSeen !== undefined && { lastSeen }),
    ...(linkedAt !== undefined && { linkedAt }),
    ...(info && { info }),
  };
}

/** The browsers of a customer, the last seen first: a client of a website is one. */
export function listDevices(state: State, user: User) {
  const clients = state.channelClientsByUser.get(user.id) ?? [];
  return clients
    .filter(({ type }) => type === 'sdk')
    .map((client) => showDevice(state, client))
    .toSorted((left, right) => right.lastSeen.localeCompare(left.lastSeen));
}

export function showDevice(state: State, client: ChannelClient) {
  return {
    id: stableId(`${client.id}:device`),
    type: 'web' as const,
    guid: stableId(`${client.id}:guid`),
    clientId: client.id,
    status: client.status === 'active' ? ('active' as const) : ('inactive' as const),
    integrationId: state.accounts.get(client.account)?.webIntegrationId,
    lastSeen: client.lastSeen ?? client.linkedAt ?? new Date(0).toISOString(),
  };
}

/** What the participant has not read yet counts what the business said since. */
export function showParticipant(state: State, conversationId: string, one: Participant) {
  const { id, userId, clientIds, lastRead } = one;
  const externalId = state.users.get(userId)?.externalId;
  const unread = (state.messages.get(conversationId) ?? []).filter(
    ({ author, received }) => author.type === 'business' && received > (lastRead ?? ''),
  );
  return {
    id,
    userId,
    ...(externalId !== undefined && { userExternalId: externalId }),
    unreadCount: unread.length,
    clientAssociations: clientIds.flatMap((clientId) => {
      const client = state.channelClients.get(clientId);
      return client ? [{ clientId, type: client.type }] : [];
    }),
    ...(lastRead !== undefined && { lastRead }),
  };
}
