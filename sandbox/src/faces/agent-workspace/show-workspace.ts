import { describeControl } from '../../platform/control-history.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { defaultMemberId } from '../../platform/switchboard-members.ts';
import type { Conversation, User } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { showLog } from '../chat/show-log.ts';
import type { LogView } from '../chat/show-log.ts';
import { lastHandOff, showControl, titleOf, unreadBy, waitingSince } from './list-conversations.ts';

export function showConversationForAgent({ state, typing }: Platform, view: LogView) {
  const { account, conversation } = view;
  const user = state.users.get(conversation.participants[0]?.userId ?? '');
  const agents = account.agentWorkspace.switchboardIntegrationId;
  return {
    id: conversation.id,
    title: titleOf(state, conversation),
    control: showControl(state, conversation),
    hasBot: defaultMemberId(state, account) !== agents,
    isOffered: conversation.pendingId === agents,
    isBotTyping: typing.isTyping(conversation),
    isCustomerTyping: typing.isTyping(conversation, 'customer'),
    waitingSince: waitingSince(state, conversation),
    isAnswered: state.messages.get(conversation.id)?.at(-1)?.speaker.kind === 'agent',
    handOff: showHandOff(state, conversation),
    customer: user && showCustomer(user),
    facts: showFacts(state, conversation),
    ...showLog(state, view),
  };
}

/** Whoever looks has read what is there; where the agent is in control, the customer sees that. */
export function readByAgent({ state, changes }: Platform, conversation: Conversation): void {
  if (unreadBy(state, conversation) === 0) return;
  const now = new Date().toISOString();
  conversation.agentLastRead = now;
  if (describeControl(state, conversation)?.kind === 'agent') conversation.businessLastRead = now;
  changes.announce({ account: conversation.account, conversationId: conversation.id });
}

/** How the agents got it last, from whom and why, with what else was sent along. */
function showHandOff(state: State, conversation: Conversation) {
  const change = lastHandOff(conversation);
  if (!change) return undefined;
  const { reason, ...sent } = change.metadata ?? {};
  const messages = state.messages.get(conversation.id) ?? [];
  const bot = messages.findLast(
    ({ speaker, received }) => speaker.kind === 'bot' && received <= change.at,
  );
  return { at: change.at, reason, sent: Object.entries(sent), bot: bot?.speaker.name ?? 'the bot' };
}

function showCustomer({ id, externalId, authenticated, email, profile, metadata }: User) {
  const facts: [string, unknown][] = [
    ['Name', [profile?.givenName, profile?.surname].filter(Boolean).join(' ')],
    ['E-mail', email ?? profile?.email],
    ['Language', profile?.locale],
    ['Signed in', authenticated ? 'yes' : 'no'],
    ['External id', externalId],
    ['User id', id],
    ...Object.entries(metadata ?? {}),
  ];
  return facts.filter(([, value]) => value !== undefined && value !== null && value !== '');
}

const CHANNELS = new Map([
  ['web', 'Web Messenger'],
  ['whatsapp', 'WhatsApp'],
  ['api:conversations', 'API'],
  ['zd:agentWorkspace', 'Agent Workspace'],
]);

function showFacts(state: State, conversation: Conversation): [string, unknown][] {
  const messages = state.messages.get(conversation.id) ?? [];
  const source =
    messages.findLast(({ speaker }) => speaker.kind === 'customer')?.source.type ?? 'web';
  return [
    ['Channel', CHANNELS.get(source) ?? source],
    ['Conversation id', conversation.id],
    ...Object.entries(conversation.metadata ?? {}),
  ];
}
