import { describeControl } from '../../platform/control-history.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { defaultMemberId } from '../../platform/switchboard-members.ts';
import type { Account, Conversation, User } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { cutText } from '../../web/text.ts';
import { showLog, textOf } from '../chat/show-log.ts';

const LISTED = 100;

/** The account's conversations, the one that changed last on top. */
export function listConversations({ state }: Platform, account: Account) {
  return [...state.conversations.values()]
    .filter((conversation) => conversation.account === account.slug)
    .toSorted((a, b) => b.lastUpdatedAt.localeCompare(a.lastUpdatedAt))
    .slice(0, LISTED)
    .map((conversation) => ({
      id: conversation.id,
      title: titleOf(state, conversation),
      control: showControl(state, conversation),
      preview: previewOf(state, conversation),
      unread: unreadBy(state, conversation),
      waitingSince: waitingSince(state, conversation),
    }));
}

export function showConversationForAgent(
  { state, typing }: Platform,
  account: Account,
  conversation: Conversation,
  all: boolean,
) {
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
    handOff: showHandOff(conversation),
    customer: user && showCustomer(user),
    facts: showFacts(state, conversation),
    ...showLog(state, conversation, 'agent', all),
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

function titleOf(state: State, conversation: Conversation): string {
  const user = state.users.get(conversation.participants[0]?.userId ?? '');
  const name = (user && nameOf(user)) ?? 'Customer';
  return conversation.displayName ?? `${name} · ${conversation.id.slice(-4)}`;
}

function nameOf({ externalId, profile }: User): string | undefined {
  const name = [profile?.givenName, profile?.surname].filter(Boolean).join(' ');
  return externalId ?? (name === '' ? undefined : name);
}

function showControl(state: State, conversation: Conversation) {
  return describeControl(state, conversation) ?? { kind: 'nobody' as const, name: 'Nobody' };
}

function previewOf(state: State, conversation: Conversation): string {
  const message = state.messages.get(conversation.id)?.at(-1);
  if (!message) return 'No messages yet';
  return cutText(`${message.speaker.name}: ${textOf(message)}`, 120);
}

/** How much the customer has said since an agent looked. */
function unreadBy(state: State, { id, agentLastRead = '' }: Conversation): number {
  const messages = state.messages.get(id) ?? [];
  return messages.filter(
    ({ speaker, received }) => speaker.kind === 'customer' && received > agentLastRead,
  ).length;
}

/** Since when the customer has waited for an agent to say something; undefined: nobody waits. */
function waitingSince(state: State, conversation: Conversation): string | undefined {
  if (describeControl(state, conversation)?.kind !== 'agent') return undefined;
  const messages = state.messages.get(conversation.id) ?? [];
  const answered = messages.findLastIndex(({ speaker }) => speaker.kind === 'agent');
  const first = messages.slice(answered + 1).find(({ speaker }) => speaker.kind === 'customer');
  const handedOver = showHandOff(conversation)?.at;
  if (first === undefined) return undefined;
  return handedOver !== undefined && handedOver > first.received ? handedOver : first.received;
}

/** How the agents got it last, with what was sent along. */
function showHandOff({ controlChanges = [] }: Conversation) {
  const change = controlChanges.findLast(
    ({ to, type }) => type === 'switchboard:passControl' && to?.kind === 'agent',
  );
  return change && { at: change.at, sent: Object.entries(change.metadata ?? {}) };
}

function showCustomer({ id, externalId, authenticated, profile, metadata }: User) {
  const facts: [string, unknown][] = [
    ['Name', [profile?.givenName, profile?.surname].filter(Boolean).join(' ')],
    ['E-mail', profile?.email],
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
