import type { Account, ChannelClient, Conversation, Message, User } from '../../state/records.ts';
import { addChannelClient, removeFromList } from '../../state/state.ts';
import type { State } from '../../state/state.ts';
import { newId } from '../../state/values.ts';
import { customerOf, participantOf } from '../conversations/conversations.ts';
import type { Platform } from '../create-platform.ts';
import { publishClient } from '../events/people-events.ts';

type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries'>;

/** Where customers write from: the chat window of a website, or a phone. */
export type Channel = 'web' | 'whatsapp';

/** The client of the website: a customer has one, from the first visit on. */
export function webClientOf({ state }: Pick<Needs, 'state'>, user: User): ChannelClient {
  const known = state.channelClientsByUser.get(user.id)?.find(({ type }) => type === 'sdk');
  if (known) return known;
  const now = new Date().toISOString();
  const client: ChannelClient = {
    id: newId(),
    account: user.account,
    userId: user.id,
    type: 'sdk',
    status: 'active',
    lastSeen: now,
    linkedAt: now,
  };
  addChannelClient(state, client);
  return client;
}

/** What the customer of a conversation uses now: the channel named, or the last one. */
export function useChannel(
  { state }: Pick<Needs, 'state'>,
  conversation: Conversation,
  channel?: Channel,
): ChannelClient {
  const user = customerOf(state, conversation);
  const part = participantOf(conversation, user);
  const used = (part?.clientIds ?? []).flatMap((id) => state.channelClients.get(id) ?? []);
  const type = channel === undefined || channel === 'whatsapp' ? channel : 'sdk';
  const found = used.find((one) => one.type === (type ?? one.type) && one.status !== 'pending');
  const client = found ?? webClientOf({ state }, user);
  client.lastSeen = new Date().toISOString();
  if (part) part.clientIds = [client.id, ...part.clientIds.filter((id) => id !== client.id)];
  return client;
}

/** Where what a customer says by this client comes from, as messages and events show it. */
export function sourceOf(state: State, client: ChannelClient): Message['source'] {
  const account = state.accounts.get(client.account);
  if (client.type === 'sdk') return { type: 'web', ...integrationOf(account?.webIntegrationId) };
  return {
    type: client.type,
    ...integrationOf(client.integrationId),
    originalMessageId: `wamid.${newId()}`,
    originalMessageTimestamp: new Date().toISOString(),
  };
}

function integrationOf(integrationId: string | undefined) {
  return integrationId === undefined ? {} : { integrationId };
}

/** @returns the client of that phone number, if anybody has one that is not only asked for. */
export function findPhone(state: State, account: Account, digits: string) {
  return [...state.channelClients.values()].find(
    (one) =>
      one.account === account.slug &&
      one.type === 'whatsapp' &&
      one.externalId === digits &&
      one.status !== 'pending',
  );
}

type RemovalReason = 'api' | 'linkCancelled' | 'linkFailed' | 'sdk' | 'theft';

/** Takes the client away, and out of all conversations. */
export function removeClient(
  needs: Needs,
  client: ChannelClient,
  reason: RemovalReason,
  details: {
    conversation?: Conversation | undefined;
    error?: { code: string; message: string };
  } = {},
): void {
  const { state, changes } = needs;
  publishClient(needs, 'client:remove', client, reason, details);
  state.channelClients.delete(client.id);
  removeFromList(state.channelClientsByUser, client.userId, client);
  for (const { participants } of state.conversationsByUser.get(client.userId) ?? []) {
    for (const part of participants)
      part.clientIds = part.clientIds.filter((id) => id !== client.id);
  }
  changes.announce({ account: client.account });
}

/** The customer blocks the business on the channel, or lets it write again. */
export function setBlocked(
  needs: Needs,
  client: ChannelClient,
  isBlocked: boolean,
  conversation?: Conversation,
): void {
  client.status = isBlocked ? 'blocked' : 'active';
  const reason = isBlocked ? 'blocked' : 'unblocked';
  publishClient(needs, 'client:update', client, reason, { conversation });
  needs.changes.announce({ account: client.account });
}
