import type { Conversation, Message } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { customerOf, participantOf } from '../conversations/conversations.ts';
import { postSystemLine } from '../conversations/messages.ts';
import { release } from '../conversations/switchboard.ts';
import type { Platform } from '../create-platform.ts';
import { publishActivity } from '../events/conversation-events.ts';
import type { ActivityType } from '../events/conversation-events.ts';
import { sourceOf, useChannel } from '../people/channels.ts';
import { publishUserUpdated } from '../events/people-events.ts';

/** The customer starts or stops typing. It stops by itself after ten seconds, and when something is sent. */
export function setTyping(platform: Platform, conversation: Conversation, isTyping: boolean): void {
  const { state, typing } = platform;
  const tell = (type: ActivityType) => tellOfActivity(platform, conversation, type);
  const tellOfEnd = () => {
    if (isStillThere(state, conversation)) tell('typing:stop');
  };
  if (!isTyping) typing.stop(conversation, 'customer');
  else if (typing.start(conversation, 'customer', tellOfEnd)) tell('typing:start');
}

/** Ten seconds later the conversation may have been deleted, or its customer. */
function isStillThere(
  { conversations, users }: State,
  { id, participants }: Conversation,
): boolean {
  return conversations.has(id) && users.has(participants[0]?.userId ?? '');
}

/** The customer has seen everything there is. */
export function markRead(platform: Platform, conversation: Conversation): void {
  const part = participantOf(conversation, customerOf(platform.state, conversation));
  if (part) part.lastRead = new Date().toISOString();
  platform.changes.announce({ account: conversation.account, conversationId: conversation.id });
  tellOfActivity(platform, conversation, 'conversation:read');
}

function tellOfActivity(platform: Platform, conversation: Conversation, type: ActivityType): void {
  const source = sourceOf(platform.state, useChannel(platform, conversation));
  const user = customerOf(platform.state, conversation);
  publishActivity(platform, conversation, type, { user, source });
}

/** What the customer writes shows which language it is: a user without one has it from now on. */
export function detectLocale(platform: Platform, conversation: Conversation, locale: string): void {
  const { state, changes } = platform;
  const user = customerOf(state, conversation);
  if (user.profile?.locale) return;
  user.profile = { ...user.profile, locale };
  changes.announce({ account: user.account });
  const source = sourceOf(state, useChannel(platform, conversation));
  publishUserUpdated(platform, user, 'localeDetection', source);
}

/**
 * The customer ends the session in the widget: the system writes a line, and control is released where
 * the account leaves that to Zendesk. Otherwise the bot in control has to (help 10046732687770).
 */
export function endSession(platform: Platform, conversation: Conversation): Message {
  const { state, typing } = platform;
  const name = customerOf(state, conversation).profile?.givenName ?? 'Customer';
  typing.stop(conversation, 'customer');
  const type = 'conversation:endedByUser';
  const line = postSystemLine(platform, conversation, {
    type,
    text: `${name} ended the conversation`,
  });
  const account = state.accounts.get(conversation.account);
  if (account?.controlSetting === 'release') release(platform, conversation);
  return line;
}
