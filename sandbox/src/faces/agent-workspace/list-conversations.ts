import { describeControl } from '../../platform/control-history.ts';
import type { Platform } from '../../platform/create-platform.ts';
import type { Account, Conversation, User } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { cutText } from '../../web/text.ts';
import { textOf } from '../chat/words.ts';

/** The account's conversations: whoever has waited longest for an agent, then what is unread, then the newest. */
export function listConversations({ state }: Platform, account: Account) {
  return [...state.conversations.values()]
    .filter((conversation) => conversation.account === account.slug)
    .map((conversation) => ({
      id: conversation.id,
      title: titleOf(state, conversation),
      control: showControl(state, conversation),
      preview: previewOf(state, conversation),
      unread: unreadBy(state, conversation),
      waitingSince: waitingSince(state, conversation),
      lastAt: conversation.lastUpdatedAt,
    }))
    .toSorted(byUrgency);
}

interface Urgency {
  unread: number;
  waitingSince: string | undefined;
  lastAt: string;
}

function byUrgency(a: Urgency, b: Urgency): number {
  if (a.waitingSince !== undefined && b.waitingSince !== undefined)
    return a.waitingSince.localeCompare(b.waitingSince);
  if (a.waitingSince !== b.waitingSince) return a.waitingSince === undefined ? 1 : -1;
  const isUnread = Number(b.unread > 0) - Number(a.unread > 0);
  return isUnread === 0 ? b.lastAt.localeCompare(a.lastAt) : isUnread;
}

export function titleOf(state: State, { displayName, participants, id }: Conversation): string {
  const user = state.users.get(participants[0]?.userId ?? '');
  const name = (user && nameOf(user)) ?? 'Customer';
  return displayName ?? `${name} · ${id.slice(-4)}`;
}

function nameOf({ externalId, profile }: User): string | undefined {
  const name = [profile?.givenName, profile?.surname].filter(Boolean).join(' ');
  return externalId ?? (name === '' ? undefined : name);
}

export function showControl(state: State, conversation: Conversation) {
  return describeControl(state, conversation) ?? { kind: 'nobody' as const, name: 'Nobody' };
}

function previewOf(state: State, conversation: Conversation): string {
  const message = state.messages.get(conversation.id)?.at(-1);
  if (!message) return 'No messages yet';
  return cutText(`${message.speaker.name}: ${textOf(message)}`, 120);
}

/** How much the customer has said since an agent looked. */
export function unreadBy(state: State, { id, agentLastRead = '' }: Conversation): number {
  const messages = state.messages.get(id) ?? [];
  return messages.filter(
    ({ speaker, received }) => speaker.kind === 'customer' && received > agentLastRead,
  ).length;
}

/** Since when the customer has waited for an agent to say something; undefined: nobody waits. */
export function waitingSince(state: State, conversation: Conversation): string | undefined {
  if (describeControl(state, conversation)?.kind !== 'agent') return undefined;
  const messages = state.messages.get(conversation.id) ?? [];
  const answered = messages.findLastIndex(({ speaker }) => speaker.kind === 'agent');
  const first = messages.slice(answered + 1).find(({ speaker }) => speaker.kind === 'customer');
  const handedOver = lastHandOff(conversation)?.at;
  if (first === undefined) return undefined;
  return handedOver !== undefined && handedOver > first.received ? handedOver : first.received;
}

/** When a bot gave it to the agents last. */
export function lastHandOff({ controlChanges = [] }: Conversation) {
  return controlChanges.findLast(
    ({ to, type }) => type === 'switchboard:passControl' && to?.kind === 'agent',
  );
}
