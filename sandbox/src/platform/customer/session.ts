import type { Conversation, Message } from '../../state/records.ts';
import type { Platform } from '../create-platform.ts';
import { customerOf, sourceOf } from './customer.ts';

/** What somebody does beside speaking. */
export interface Activity {
  type: 'conversation:read' | 'typing:start' | 'typing:stop';
}

/** The customer starts or stops typing. It stops by itself after ten seconds, and when something is sent. */
export function setTyping(platform: Platform, conversation: Conversation, isTyping: boolean): void {
  const { typing } = platform;
  const tell = (type: Activity['type']) => tellOfActivity(platform, conversation, type);
  if (!isTyping) typing.stop(conversation, 'customer');
  else if (typing.start(conversation, 'customer', () => tell('typing:stop'))) tell('typing:start');
}

/** The customer has seen everything there is. */
export function markRead(platform: Platform, conversation: Conversation): void {
  tellOfActivity(platform, conversation, 'conversation:read');
}

function tellOfActivity(
  { state, events }: Platform,
  conversation: Conversation,
  type: Activity['type'],
): void {
  const source = sourceOf(state, conversation.account);
  events.customerActed(conversation, customerOf(state, conversation), type, source);
}

/**
 * The customer ends the session in the widget: the system writes a line, and control is released where
 * the account leaves that to Zendesk. Otherwise the bot in control has to (help 10046732687770).
 */
export function endSession(platform: Platform, conversation: Conversation): Message {
  const { state, messages, switchboard, typing } = platform;
  const name = customerOf(state, conversation).profile?.givenName ?? 'Customer';
  typing.stop(conversation, 'customer');
  const line = messages.postActivity(conversation, {
    type: 'conversation:endedByUser',
    text: `${name} ended the conversation`,
  });
  const account = state.accounts.get(conversation.account);
  if (account?.controlSetting === 'release') switchboard.release(conversation);
  return line;
}
