import type { Request, Response } from 'express';
import { describeControl } from '../../platform/control-history.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { markRead } from '../../platform/customer/session.ts';
import { defaultMemberId } from '../../platform/switchboard-members.ts';
import { Refused } from '../../refused.ts';
import type { Action } from '../../state/actions.ts';
import type { Account, Conversation, Message } from '../../state/records.ts';
import { findAccount } from '../../web/requests.ts';
import { cutText } from '../../web/text.ts';
import { showLog, textOf } from '../show-log.ts';
import { findCustomer } from './customer-cookie.ts';

/** What a form could not send, kept so that it can be mended, and why. */
export interface RefusedForm {
  /** Which form: of the composer, or by the message that asks. */
  at: 'text' | 'file' | 'place' | { formId: string };
  values: Record<string, string | undefined>;
  problem: string;
  /** By the names of the fields. */
  problems?: Record<string, string>;
}

/** The page of one conversation; without an id, of the customer's newest. */
export function messengerPath({ slug }: Account, chatId?: string): string {
  return `/accounts/${slug}/messenger${chatId === undefined ? '' : `/chats/${chatId}`}`;
}

/** Of this browser's customer, oldest first. */
function listOwn(platform: Platform, account: Account, request: Request): Conversation[] {
  const user = findCustomer({ platform, account, request });
  return platform.state.conversationsByUser.get(user?.id ?? '') ?? [];
}

/** The conversation that the address names; without a name the newest. @throws Refused 404 */
function chooseChat(own: Conversation[], { params }: Request): Conversation | undefined {
  const { chatId } = params;
  if (chatId === undefined) return own.at(-1);
  const chosen = own.find(({ id }) => id === chatId);
  if (chosen) return chosen;
  throw new Refused(404, 'There is no such conversation.');
}

/** @throws Refused 404 when this browser has not begun to chat, or the conversation is not its customer's. */
export function findChat(platform: Platform, request: Request) {
  const account = findAccount(platform.state, request);
  const conversation = chooseChat(listOwn(platform, account, request), request);
  if (conversation) {
    const base = messengerPath(account, readChatId(request));
    return { account, conversation, base };
  }
  throw new Refused(404, 'Start a conversation first.');
}

function readChatId({ params }: Request): string | undefined {
  return params['chatId'] === undefined ? undefined : String(params['chatId']);
}

/** The page. Whoever sees it has read what is there. `status` goes with what was refused. */
export function showMessenger(
  platform: Platform,
  request: Request,
  response: Response,
  refused?: RefusedForm,
  status = 400,
): void {
  const account = findAccount(platform.state, request);
  const own = listOwn(platform, account, request);
  const conversation = chooseChat(own, request);
  if (conversation) readAll(platform, conversation);
  const all = request.query['all'] === '1';
  response.status(refused ? status : 200).render('messenger/messenger', {
    account,
    base: messengerPath(account, readChatId(request)),
    home: messengerPath(account),
    chat: conversation && showChat(platform, account, conversation, all),
    others: listOthers(platform, account, own, conversation),
    refused,
    developerNotice: platform.developerNotice(),
  });
}

/** The customer's other conversations, the newest on top. */
function listOthers(
  { state }: Platform,
  account: Account,
  own: Conversation[],
  shown: Conversation | undefined,
) {
  return own
    .filter((one) => one !== shown)
    .toReversed()
    .map(({ id, createdAt }) => {
      const last = newestShown(state.messages.get(id) ?? []);
      const words = last ? cutText(textOf(last), 60) : 'No messages yet';
      const isNewer = shown !== undefined && createdAt > shown.createdAt;
      return { href: messengerPath(account, id), at: createdAt, words, isNewer };
    });
}

/** Tells the bots, once, that the customer has seen what the business said. */
function readAll(platform: Platform, conversation: Conversation): void {
  const messages = platform.state.messages.get(conversation.id) ?? [];
  const newest = messages.findLast(({ author }) => author.type === 'business');
  const lastRead = conversation.participants[0]?.lastRead ?? '';
  if (newest === undefined || newest.received <= lastRead) return;
  markRead(platform, conversation);
}

function showChat(
  { state, typing }: Platform,
  account: Account,
  conversation: Conversation,
  all: boolean,
) {
  const messages = state.messages.get(conversation.id) ?? [];
  const agents = account.agentWorkspace.switchboardIntegrationId;
  const newest = newestShown(messages)?.content;
  return {
    ...showLog(state, conversation, 'customer', all),
    control: describeControl(state, conversation),
    /** Whether somebody other than people gets new conversations. */
    hasBot: defaultMemberId(state, account) !== agents,
    isReleased: conversation.isReleased === true,
    offered: offeredActions(messages),
    /** The bot wants one of its buttons to be pressed. */
    isBlocked: newest !== undefined && 'blockChatInput' in newest && newest.blockChatInput === true,
    isTyping: typing.isTyping(conversation),
  };
}

type Offered = Extract<Action, { type: 'reply' | 'locationRequest' }>;

/** Reply buttons and the like are offered until anybody says something else. */
export function offeredActions(messages: Message[]): Offered[] {
  const content = newestShown(messages)?.content;
  const actions = content && 'actions' in content ? (content.actions ?? []) : [];
  return actions.flatMap((action) =>
    action.type === 'reply' || action.type === 'locationRequest' ? [action] : [],
  );
}

const newestShown = (messages: Message[]) => messages.findLast(({ isHidden }) => isHidden !== true);
