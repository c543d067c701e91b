import { Refused } from '../../refused.ts';
import type { Account, ChannelClient, Conversation, Message } from '../../state/records.ts';
import { addChannelClient } from '../../state/state.ts';
import { newId } from '../../state/values.ts';
import { createConversation } from '../conversations/conversations.ts';
import { postAsBusiness } from '../conversations/messages.ts';
import type { Platform } from '../create-platform.ts';
import { NOTIFICATION } from '../events/conversation-events.ts';
import { findPhone, sourceOf } from '../people/channels.ts';
import { confirmLink } from '../people/links.ts';
import { createUser } from '../people/users.ts';
import { sendText } from './customer.ts';

export interface Phone {
  /** With the country's code: +1 212-555-2368. */
  phoneNumber: string;
  name?: string | undefined;
}

/**
 * Somebody writes to the account's WhatsApp number. A new number is a new customer, and the message opens
 * the conversation; a known one goes on. Writing confirms a link that waits for it.
 */
export function writeFromPhone(
  platform: Platform,
  account: Account,
  phone: Phone,
  text: string,
): Message {
  const pending = findPending(platform, account, phone);
  if (pending?.link?.confirmation === 'userActivity') confirmLink(platform, pending);
  const { conversation } = reach(platform, account, phone, 'message');
  return sendText(platform, conversation, text, { channel: 'whatsapp' });
}

/** The business writes first, with the Notification API: its message opens the conversation of a new number. */
export function sendNotification(
  platform: Platform,
  account: Account,
  phone: Phone,
  text: string,
): Conversation {
  const { conversation } = reach(platform, account, phone, 'notification');
  postAsBusiness(platform, conversation, {
    author: { type: 'business' },
    content: { type: 'text', text },
    source: { type: NOTIFICATION },
    speaker: { kind: 'agent', name: account.displayName },
  });
  return conversation;
}

/** The link that waits for the customer of this number, if there is one. */
export function findPending(
  { state }: Pick<Platform, 'state'>,
  account: Account,
  { phoneNumber }: Phone,
): ChannelClient | undefined {
  const digits = phoneNumber.replaceAll(/\D/g, '');
  return [...state.channelClients.values()].find(
    (one) => one.account === account.slug && one.externalId === digits && one.status === 'pending',
  );
}

/** The newest conversation of a number; a new number becomes a customer and gets one. */
function reach(
  platform: Platform,
  account: Account,
  { phoneNumber, name }: Phone,
  reason: 'message' | 'notification',
): { conversation: Conversation; client: ChannelClient } {
  const { state } = platform;
  const digits = phoneNumber.replaceAll(/\D/g, '');
  if (digits.length < 7) throw new Refused(400, 'Write a phone number with its country code.');
  const known = findPhone(state, account, digits);
  const client = known ?? addPhone(platform, account, digits, name);
  const before = (state.conversationsByUser.get(client.userId) ?? []).findLast(({ participants }) =>
    participants.some(({ clientIds }) => clientIds.includes(client.id)),
  );
  if (before) return { conversation: before, client };
  const user = state.users.get(client.userId);
  const conversation = createConversation(platform, {
    account,
    type: 'personal',
    users: user ? [user] : [],
    clients: [client],
    reason,
    source: reason === 'message' ? sourceOf(state, client) : { type: NOTIFICATION },
  });
  return { conversation, client };
}

function addPhone(platform: Platform, account: Account, digits: string, name?: string) {
  const user = createUser(platform, account, { profile: { givenName: name ?? `+${digits}` } });
  const now = new Date().toISOString();
  const client: ChannelClient = {
    id: newId(),
    account: account.slug,
    userId: user.id,
    type: 'whatsapp',
    status: 'active',
    integrationId: account.whatsappIntegrationId,
    externalId: digits,
    displayName: name ?? `+${digits}`,
    info: { phoneNumber: `+${digits}` },
    lastSeen: now,
    linkedAt: now,
  };
  addChannelClient(platform.state, client);
  return client;
}
