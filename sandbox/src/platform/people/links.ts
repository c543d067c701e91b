import { ApiError } from '../../refused.ts';
import type { ChannelClient, Conversation, User } from '../../state/records.ts';
import { addChannelClient, addToList, removeFromList } from '../../state/state.ts';
import { newId } from '../../state/values.ts';
import { participantOf } from '../conversations/conversations.ts';
import type { Platform } from '../create-platform.ts';
import { publishClient } from '../events/people-events.ts';
import { findPhone, removeClient } from './channels.ts';
import { mergeUsers } from './merge.ts';

type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries' | 'faults'>;

export interface LinkRequest {
  /** As people write it, with the country's code: +1 212-555-2368. */
  phoneNumber: string;
  conversation: Conversation;
  isPrimary: boolean;
  confirmation: 'immediate' | 'userActivity' | 'prompt';
}

/**
 * Asks for a customer to be reached on WhatsApp, too. The client is pending until the number is found and
 * the customer has confirmed, as it was asked: at once, by writing, or by saying yes. It comes back as it
 * was at first: what becomes of it, events tell.
 * @throws ApiError 400 when the number is none.
 */
export function requestLink(needs: Needs, user: User, request: LinkRequest): ChannelClient {
  const { state, changes, faults } = needs;
  const { phoneNumber, conversation, isPrimary, confirmation } = request;
  const account = state.accounts.get(user.account);
  if (!/^\+[\d ()-]{7,24}$/.test(phoneNumber)) {
    const title = '.matchCriteria.phoneNumber: should be a phone number with + and country code';
    throw new ApiError(400, 'bad_request', title);
  }
  const client: ChannelClient = {
    id: newId(),
    account: user.account,
    userId: user.id,
    type: 'whatsapp',
    status: 'pending',
    ...(account && { integrationId: account.whatsappIntegrationId }),
    externalId: phoneNumber.replaceAll(/\D/g, ''),
    link: { conversationId: conversation.id, isPrimary, confirmation },
  };
  const asked = { ...client };
  addChannelClient(state, client);
  changes.announce({ account: user.account });
  publishClient(needs, 'client:add', client, 'channelLinking', { conversation });
  if (faults.take('failLink')) {
    const error = { code: 'not_found', message: 'There is nobody of this number on WhatsApp' };
    removeClient(needs, client, 'linkFailed', { conversation, error });
    return asked;
  }
  publishClient(needs, 'client:update', client, 'matched', { conversation });
  if (confirmation === 'immediate') confirmLink(needs, client);
  return asked;
}

/** The customer says no to being reached there. */
export function cancelLink(needs: Needs, client: ChannelClient): void {
  const conversation = needs.state.conversations.get(client.link?.conversationId ?? '');
  const error = { code: 'cancelled', message: 'The customer has declined' };
  removeClient(needs, client, 'linkCancelled', { conversation, error });
}

/**
 * From here on the customer is reached there. Somebody who wrote from that number before turns out to be
 * the same person; where both are known by an external id, the number is taken from the other instead.
 */
export function confirmLink(needs: Needs, pending: ChannelClient): void {
  const { state, changes } = needs;
  const { link, externalId = '' } = pending;
  const account = state.accounts.get(pending.account);
  const user = state.users.get(pending.userId);
  const conversation = state.conversations.get(link?.conversationId ?? '');
  if (!account || !user || !link) return;
  const before = findPhone(state, account, externalId);
  const other = state.users.get(before?.userId ?? '');
  const client = before ?? pending;
  if (before && other && other !== user) {
    if (other.externalId !== undefined && user.externalId !== undefined) steal(needs, before, user);
    else {
      const [surviving, discarded] = other.externalId === undefined ? [user, other] : [other, user];
      const clients = { surviving: before, discarded: pending };
      mergeUsers(needs, { surviving, discarded, reason: 'channelLinking', clients });
    }
  }
  if (client !== pending) {
    state.channelClients.delete(pending.id);
    removeFromList(state.channelClientsByUser, pending.userId, pending);
  }
  delete client.link;
  client.status = 'active';
  client.linkedAt ??= new Date().toISOString();
  const part = conversation && participantOf(conversation, { id: client.userId });
  if (part) {
    const others = part.clientIds.filter((id) => id !== client.id);
    part.clientIds = link.isPrimary ? [client.id, ...others] : [...others, client.id];
  }
  publishClient(needs, 'client:update', client, 'confirmed', { conversation });
  changes.announce({ account: account.slug });
}

/** The client goes from one user to another. */
function steal(needs: Needs, client: ChannelClient, user: User): void {
  const { state } = needs;
  const conversation = state.conversationsByUser
    .get(client.userId)
    ?.find((one) => one.participants.some(({ clientIds }) => clientIds.includes(client.id)));
  removeClient(needs, client, 'theft', { conversation });
  client.userId = user.id;
  state.channelClients.set(client.id, client);
  addToList(state.channelClientsByUser, user.id, client);
}
