import type { PlatformEvent } from './deliveries/create-deliveries.ts';
import { createCustomerControl } from './faces/admin-center/customer-routes.ts';
import type { FaultInput } from './faults/fault.ts';
import type { Calls } from './operations.ts';
import {
  showConversation,
  showMessage,
  showMessageForWebhook,
  showTruncatedConversation,
} from './platform/api-shapes.ts';
import type { Platform } from './platform/create-platform.ts';
import { renameAccount } from './platform/rename-account.ts';
import { findMember, listMembers } from './platform/switchboard-members.ts';
import type { Account, Conversation, Installation } from './state/records.ts';
import { newId } from './state/values.ts';
import type { ZendeskOperation } from './zendesk/create-operations.ts';

export type SandboxControl = ReturnType<typeof createControl>;

interface ControlOptions {
  platform: Platform;
  calls: Calls<ZendeskOperation>;
}

/**
 * What visitors do with the pages, as plain functions for tests. An unknown account, client or
 * conversation is a mistake in the test and throws.
 */
export function createControl({ platform, calls }: ControlOptions) {
  const { state, installations, webhooks, users, customer, agent, deliveries } = platform;

  function account(slug: string): Account {
    return required(state.accounts.get(slug), `account ${slug}`);
  }

  function conversation(id: string): Conversation {
    return required(state.conversations.get(id), `conversation ${id}`);
  }

  function installation(slug: string, clientId: string): Installation {
    return required(installations.find(account(slug), clientId), `installation of ${clientId}`);
  }

  return {
    /** Every call to Zendesk, when the sandbox was started with `record`. */
    calls: calls.all,

    accounts: () => [...state.accounts.values()],

    installations: () =>
      [...state.installations.values()].map((one) => ({
        ...one,
        integrationId: one.id,
        appId: account(one.account).appId,
        accessTokens: [...state.tokens].filter(([, id]) => id === one.id).map(([token]) => token),
        webhooks: webhooks.list(one),
      })),

    /** Installs without the browser: what Allow and the token request do together. */
    install: (at: { account: string; clientId: string }) =>
      installations.install(account(at.account), at.clientId).accessToken,

    /** The account's owner changes its subdomain. */
    renameAccount: (renamed: { account: string; subdomain: string }): void =>
      renameAccount(platform, account(renamed.account), renamed.subdomain),

    /** An admin removes the bot: everything goes, then the remove callback is sent. */
    removeInstallation(at: { account: string; clientId: string }): void {
      installations.remove(account(at.account), installation(at.account, at.clientId));
    },

    /** A customer opens a conversation. The user of that external id is created when new. */
    createConversation(options: { account: string; userExternalId?: string }) {
      const owner = account(options.account);
      const externalId = options.userExternalId;
      const known =
        externalId === undefined ? undefined : users.findByExternalId(owner, externalId);
      const user = known ?? users.create(owner, { externalId });
      const opened = customer.open(owner, user, 'startConversation');
      return { conversationId: opened.id, userId: user.id, appId: owner.appId };
    },

    ...createCustomerControl(platform),

    /** With `payload`: the customer used a reply button. */
    sendCustomerMessage: (said: { conversationId: string; text: string; payload?: string }) =>
      showMessage(customer.say(conversation(said.conversationId), said.text, said.payload)),

    sendPostback(clicked: { conversationId: string; payload: string }): void {
      customer.click(conversation(clicked.conversationId), clicked.payload);
    },

    /** A human agent answers. */
    agentReply(said: { conversationId: string; text: string }): void {
      agent.reply(conversation(said.conversationId), said.text);
    },

    /** A human agent takes the conversation from the bot. */
    takeOver: (conversationId: string): void => agent.takeOver(conversation(conversationId)),

    /** A human agent is done: control goes to the assigned bot. */
    solve: (conversationId: string): void => agent.solve(conversation(conversationId)),

    /** All messages, oldest first, as ListMessages shows them. */
    messages: (conversationId: string) => {
      conversation(conversationId);
      return (state.messages.get(conversationId) ?? []).map(showMessage);
    },

    /** Cheaper than looking at them all, for a test that waits. */
    countMessages: (conversationId: string): number =>
      state.messages.get(conversationId)?.length ?? 0,

    /** As GetConversation shows it, with the active integration. */
    conversation: (id: string) => showConversation(state, conversation(id)),

    /** Changes who is in control without an event: an id, a name, a type (a bot's client id), or null for nobody. */
    setActive(conversationId: string, reference: string | null): void {
      const target = conversation(conversationId);
      const members = listMembers(state, account(target.account));
      const id =
        reference === null
          ? null
          : required(findMember(members, reference), `switchboard integration ${reference}`).id;
      platform.switchboard.assignSilently(target, id);
    },

    /** A webhook of another deployment that shares the client; nothing is checked. */
    addForeignWebhook: (options: {
      account: string;
      clientId: string;
      target: string;
      triggers?: string[];
    }) =>
      webhooks.add(installation(options.account, options.clientId), {
        target: options.target,
        triggers: options.triggers ?? ['conversation:message'],
        includeFullUser: false,
        includeFullSource: false,
      }),

    /** An event as Zendesk would send it. The message is stored in the conversation, nothing is delivered. */
    buildMessageEvent(options: {
      conversationId: string;
      text: string;
      id?: string;
    }): PlatformEvent {
      const target = conversation(options.conversationId);
      const message = customer.note(target, options.text);
      const full = { includeFullUser: false, includeFullSource: false };
      return {
        id: options.id ?? newId(),
        type: 'conversation:message',
        createdAt: message.received,
        payload: {
          conversation: showTruncatedConversation(state, target),
          message: showMessageForWebhook(state, message, full),
        },
      };
    },

    /**
     * Sends a batch now, once, to the client's first webhook or the one named, and returns the
     * status answered; null: no answer.
     */
    deliver(options: {
      account: string;
      clientId: string;
      events: PlatformEvent[];
      webhookId?: string;
    }): Promise<number | null> {
      const owned = webhooks.list(installation(options.account, options.clientId));
      const webhook = owned.find((one) => one.id === (options.webhookId ?? one.id));
      return deliveries.attempt(required(webhook, 'webhook'), options.events);
    },

    /** Every attempt to deliver, oldest first. */
    deliveries: () => deliveries.attempts(),

    /** Resolves when no delivery, retry or remove callback is under way. */
    settled: () => deliveries.settled(),

    armFault: (fault: FaultInput): void => platform.faults.arm(fault),
    clearFaults: (): void => platform.faults.clear(),
  };
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The sandbox knows no such ${name}`);
  return value;
}
