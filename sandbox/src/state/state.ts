import { predefinedAccounts } from './predefined-accounts.ts';
import type {
  Account,
  Attachment,
  Client,
  Conversation,
  Installation,
  Message,
  Snapshot,
  User,
  Webhook,
} from './records.ts';

/** Everything that Zendesk knows, in memory, with the indexes that keep look-ups from scanning. */
export interface State {
  /** By client id. */
  clients: Map<string, Client>;
  /** By slug. */
  accounts: Map<string, Account>;
  installations: Map<string, Installation>;
  /** Access token to installation id. */
  tokens: Map<string, string>;
  webhooks: Map<string, Webhook>;
  users: Map<string, User>;
  /** By `externalIdKey`. */
  usersByExternalId: Map<string, User>;
  usersByBrowserKey: Map<string, User>;
  conversations: Map<string, Conversation>;
  /** Oldest first. */
  conversationsByUser: Map<string, Conversation[]>;
  /** By conversation id, oldest first. */
  messages: Map<string, Message[]>;
  /** Oldest first. */
  attachments: Map<string, Attachment>;
}

/** `worldSuffix` ends the names of accounts, so that those of two worlds differ. */
export function createState(snapshot?: Snapshot, worldSuffix = ''): State {
  const accounts = [...predefinedAccounts(worldSuffix), ...(snapshot?.accounts ?? [])];
  const state: State = {
    clients: new Map(snapshot?.clients.map((client) => [client.clientId, client])),
    accounts: new Map(accounts.map((account) => [account.slug, account])),
    installations: new Map(snapshot?.installations.map((one) => [one.id, one])),
    tokens: new Map(snapshot?.tokens.map((token) => [token.accessToken, token.installationId])),
    webhooks: new Map(snapshot?.webhooks.map((webhook) => [webhook.id, webhook])),
    users: new Map(),
    usersByExternalId: new Map(),
    usersByBrowserKey: new Map(),
    conversations: new Map(),
    conversationsByUser: new Map(),
    messages: new Map(),
    attachments: new Map(snapshot?.attachments.map((one) => [one.id, one])),
  };
  for (const user of snapshot?.users ?? []) addUser(state, user);
  for (const conversation of snapshot?.conversations ?? []) addConversation(state, conversation);
  for (const message of snapshot?.messages ?? []) addMessage(state, message);
  return state;
}

export function toSnapshot(state: State): Snapshot {
  return {
    clients: [...state.clients.values()],
    accounts: [...state.accounts.values()],
    installations: [...state.installations.values()],
    tokens: [...state.tokens].map(([accessToken, installationId]) => ({
      accessToken,
      installationId,
    })),
    webhooks: [...state.webhooks.values()],
    users: [...state.users.values()],
    conversations: [...state.conversations.values()],
    messages: [...state.messages.values()].flat(),
    attachments: [...state.attachments.values()],
  };
}

export function externalIdKey(account: string, externalId: string): string {
  return `${account}\n${externalId}`;
}

export function addUser(state: State, user: User): void {
  state.users.set(user.id, user);
  if (user.externalId !== undefined) {
    state.usersByExternalId.set(externalIdKey(user.account, user.externalId), user);
  }
  if (user.browserKey !== undefined) state.usersByBrowserKey.set(user.browserKey, user);
}

export function addConversation(state: State, conversation: Conversation): void {
  state.conversations.set(conversation.id, conversation);
  for (const userId of conversation.userIds) {
    const list = state.conversationsByUser.get(userId);
    if (list) list.push(conversation);
    else state.conversationsByUser.set(userId, [conversation]);
  }
}

export function addMessage(state: State, message: Message): void {
  const list = state.messages.get(message.conversationId);
  if (list) list.push(message);
  else state.messages.set(message.conversationId, [message]);
}
