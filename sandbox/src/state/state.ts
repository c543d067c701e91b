import { predefinedAccounts } from './predefined-accounts.ts';
import type {
  Account,
  Attachment,
  ChannelClient,
  Client,
  Conversation,
  Installation,
  Message,
  Snapshot,
  SupportUser,
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
  channelClients: Map<string, ChannelClient>;
  /** Oldest first. */
  channelClientsByUser: Map<string, ChannelClient[]>;
  supportUsers: Map<string, SupportUser>;
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
    channelClients: new Map(),
    channelClientsByUser: new Map(),
    supportUsers: new Map(snapshot?.supportUsers.map((one) => [one.id, one])),
    conversations: new Map(),
    conversationsByUser: new Map(),
    messages: new Map(),
    attachments: new Map(snapshot?.attachments.map((one) => [one.id, one])),
  };
  for (const user of snapshot?.users ?? []) addUser(state, user);
  for (const client of snapshot?.channelClients ?? []) addChannelClient(state, client);
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
    channelClients: [...state.channelClients.values()],
    supportUsers: [...state.supportUsers.values()],
    conversations: [...state.conversations.values()],
    messages: [...state.messages.values()].flat(),
    attachments: [...state.attachments.values()],
  };
}

/** Users of one brand are kept apart from those of another, where the account separates them. */
export function externalIdKey(account: string, externalId: string, brandId?: string | null) {
  return `${account}\n${brandId ?? ''}\n${externalId}`;
}

export function addUser(state: State, user: User): void {
  const { id, account, externalId, brandId, browserKeys = [] } = user;
  state.users.set(id, user);
  if (externalId !== undefined)
    state.usersByExternalId.set(externalIdKey(account, externalId, brandId), user);
  for (const key of browserKeys) state.usersByBrowserKey.set(key, user);
}

export function addChannelClient(state: State, client: ChannelClient): void {
  state.channelClients.set(client.id, client);
  addToList(state.channelClientsByUser, client.userId, client);
}

export function addConversation(state: State, conversation: Conversation): void {
  state.conversations.set(conversation.id, conversation);
  for (const { userId } of conversation.participants)
    addToList(state.conversationsByUser, userId, conversation);
}

export function addMessage(state: State, message: Message): void {
  addToList(state.messages, message.conversationId, message);
}

export function addToList<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

export function removeFromList<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const rest = (lists.get(key) ?? []).filter((one) => one !== item);
  if (rest.length > 0) lists.set(key, rest);
  else lists.delete(key);
}
