import type { Request, Response } from 'express';
import { describeControl } from '../../platform/control-history.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { markRead } from '../../platform/customer/session.ts';
import { activeMember, defaultMemberId } from '../../platform/switchboard-members.ts';
import type { Action } from '../../state/actions.ts';
import type { Conversation, Message } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { findAccount } from '../../web/requests.ts';
import { cutText } from '../../web/text.ts';
import { listBotPages } from './beside.ts';
import { basePath, chooseChat } from './door.ts';
import type { Door } from './door.ts';
import { readKnownLog, showLog } from './show-log.ts';
import type { LogView } from './show-log.ts';
import { textOf } from './words.ts';

/** What a form could not send, kept so that it can be mended, and why. */
export interface RefusedForm {
  /** Which form: of the composer, or by the message that asks. */
  at: 'text' | 'file' | 'place' | 'sign-in' | { formId: string };
  values: Record<string, string | undefined>;
  problem: string;
  /** By the names of the fields. */
  problems?: Record<string, string>;
}

/** The page. Whoever sees it has read what is there. `status` goes with what was refused. */
export function showChatPage(
  platform: Platform,
  door: Door,
  request: Request,
  response: Response,
  refused?: RefusedForm,
  status = 400,
): void {
  const account = findAccount(platform.state, request);
  const own = door.list(account, request);
  const conversation = chooseChat(own, request);
  if (conversation) readAll(platform, conversation);
  // A form that is in the log comes back with what is wrong in it.
  const isInLog = typeof refused?.at === 'object';
  const known = isInLog ? undefined : readKnownLog(request);
  const view = { account, viewer: 'customer' as const, all: request.query['all'] === '1', known };
  response.status(refused ? status : 200).render('chat/chat', {
    account,
    face: door.face,
    [door.face]: door.describe(account, request),
    base: basePath(door, account, request),
    home: door.path(account, request),
    chat: conversation && showChat(platform, { ...view, conversation }),
    others: listOthers(platform, own, conversation).map((one) => ({
      ...one,
      href: door.path(account, request, one.id),
    })),
    botPages: listBotPages(platform, account),
    refused,
    developerNotice: platform.developerNotice(),
  });
}

/** The customer's other conversations, the newest on top. */
function listOthers({ state }: Platform, own: Conversation[], shown: Conversation | undefined) {
  return own
    .filter((one) => one !== shown)
    .toReversed()
    .map(({ id, createdAt }) => {
      const last = newestShown(state.messages.get(id) ?? []);
      const words = last ? cutText(textOf(last), 60) : 'No messages yet';
      const isNewer = shown !== undefined && createdAt > shown.createdAt;
      return { id, at: createdAt, words, isNewer };
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

function showChat({ state, typing }: Platform, view: LogView) {
  const { account, conversation } = view;
  const messages = state.messages.get(conversation.id) ?? [];
  const agents = account.agentWorkspace.switchboardIntegrationId;
  const newest = newestShown(messages)?.content;
  return {
    ...showLog(state, view),
    control: describeControl(state, conversation),
    logoUrl: logoOf(state, conversation),
    /** Whether somebody other than people gets new conversations. */
    hasBot: defaultMemberId(state, account) !== agents,
    isReleased: conversation.isReleased === true,
    offered: offeredActions(messages),
    /** The bot wants one of its buttons to be pressed. */
    isBlocked: newest !== undefined && 'blockChatInput' in newest && newest.blockChatInput === true,
    isTyping: typing.isTyping(conversation),
  };
}

/** Of the bot in control; empty: it has none, or a person answers. */
function logoOf(state: State, conversation: Conversation): string {
  const type = activeMember(state, conversation)?.integrationType ?? '';
  return state.clients.get(type)?.details.logoUrl ?? '';
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
