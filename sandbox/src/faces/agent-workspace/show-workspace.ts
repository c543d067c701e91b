import type { Platform } from '../../platform/create-platform.ts';
import {
  activeMember,
  AGENT_WORKSPACE_TYPE,
  defaultMemberId,
} from '../../platform/switchboard-members.ts';
import type { Account, Conversation, Message } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { showMessages } from '../../web/show-messages.ts';
import { cutText } from '../../web/text.ts';

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
      control: describeControl(state, conversation),
      preview: previewOf(state.messages.get(conversation.id)?.at(-1)),
      time: conversation.lastUpdatedAt,
    }));
}

export function showConversationForAgent(
  platform: Platform,
  conversation: Conversation,
  all: boolean,
) {
  const { state, typing } = platform;
  const account = state.accounts.get(conversation.account);
  const agentId = account?.agentWorkspace.switchboardIntegrationId;
  return {
    id: conversation.id,
    title: titleOf(state, conversation),
    control: describeControl(state, conversation),
    hasBot: account !== undefined && defaultMemberId(state, account) !== agentId,
    isTyping: typing.isTyping(conversation),
    ...showMessages(state.messages.get(conversation.id) ?? [], all),
  };
}

function titleOf(state: State, conversation: Conversation): string {
  const user = state.users.get(conversation.participants[0]?.userId ?? '');
  const name = user?.externalId ?? user?.profile?.givenName ?? 'Customer';
  return conversation.displayName ?? `${name} · ${conversation.id.slice(-4)}`;
}

function describeControl(state: State, conversation: Conversation) {
  const active = activeMember(state, conversation);
  if (!active) return { kind: 'nobody', name: 'Nobody' };
  return active.integrationType === AGENT_WORKSPACE_TYPE
    ? { kind: 'agent', name: 'Agent' }
    : { kind: 'bot', name: state.clients.get(active.integrationType)?.details.name ?? active.name };
}

function previewOf(message: Message | undefined): string {
  if (!message) return 'No messages yet';
  const { content, speaker } = message;
  const said = content.type === 'text' ? content.text : undefined;
  return cutText(`${speaker.name}: ${said ?? content.type}`, 120);
}
