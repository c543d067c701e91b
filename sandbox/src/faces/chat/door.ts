import type { Request } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { useChannel } from '../../platform/people/channels.ts';
import type { Channel } from '../../platform/people/channels.ts';
import { Refused } from '../../refused.ts';
import type { Account, Conversation } from '../../state/records.ts';
import { findAccount } from '../../web/requests.ts';

/** Where a customer comes in: the chat window of a website, or a phone. */
export interface Door {
  face: 'messenger' | 'phone';
  channel: Channel;
  /** The conversations that the customer of this request has there, oldest first. */
  list(account: Account, request: Request): Conversation[];
  /** The page of one conversation; without an id, of the newest. */
  path(account: Account, request: Request, chatId?: string): string;
  /** What the page shows of whoever writes, for its own part of the view. */
  describe(account: Account, request: Request): Record<string, unknown>;
}

/** The conversation that the address names; without a name the newest. @throws Refused 404 */
export function chooseChat(own: Conversation[], { params }: Request): Conversation | undefined {
  const { chatId } = params;
  if (chatId === undefined) return own.at(-1);
  const chosen = own.find(({ id }) => id === chatId);
  if (chosen) return chosen;
  throw new Refused(404, 'There is no such conversation.');
}

/** Where the page's forms go. */
export function basePath(door: Door, account: Account, request: Request): string {
  const { chatId } = request.params;
  return door.path(account, request, chatId === undefined ? undefined : String(chatId));
}

/**
 * The chat that a page is about. Whoever does something there is reached there from now on.
 * @throws Refused 404 when the customer has not begun to chat, or the conversation is another's.
 */
export function findChat(platform: Platform, door: Door, request: Request) {
  const account = findAccount(platform.state, request);
  const conversation = chooseChat(door.list(account, request), request);
  if (!conversation) throw new Refused(404, 'Start a conversation first.');
  if (request.method === 'POST') useChannel(platform, conversation, door.channel);
  return { account, conversation, base: basePath(door, account, request) };
}
