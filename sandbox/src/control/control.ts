import type { PlatformEvent } from '../deliveries/create-deliveries.ts';
import type { FaultInput } from '../faults/fault.ts';
import type { Calls } from '../operations.ts';
import {
  showConversation,
  showMessage,
  showMessageForWebhook,
  showTruncatedConversation,
} from '../platform/api-shapes.ts';
import {
  acceptOffer,
  closeTicket,
  replyAsAgent,
  takeOver,
  transferToEmail,
} from '../platform/agent.ts';
import { storeMessage } from '../platform/conversations/messages.ts';
import { setControl } from '../platform/conversations/switchboard.ts';
import { findInstallation, install, uninstall } from '../platform/installations.ts';
import { addWebhook, listWebhooks } from '../platform/webhooks.ts';
import { draftOf } from '../platform/customer/customer.ts';
import type { Platform } from '../platform/create-platform.ts';
import { renameAccount, setControlSetting, setPrivateAttachments } from '../platform/accounts.ts';
import { findMember, listMembers } from '../platform/switchboard-members.ts';
import type { Installation } from '../state/records.ts';
import { newId } from '../state/values.ts';
import { createCustomerControl } from './customer.ts';
import { createPeopleControl } from './people.ts';
import { createFind, required } from './find.ts';
import type { ZendeskOperation } from '../zendesk/operation-names.ts';

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
  const { state, deliveries } = platform;
  const { account, conversation } = createFind(state);

  function installation(slug: string, clientId: string): Installation {
    return required(
      findInstallation(state, account(slug), clientId),
      `installation of ${clientId}`,
    );
  }

  return {
    /** The newest calls to Zendesk; all of them, when the sandbox was started with `record`. */
    calls: calls.all,

    accounts: () => [...state.accounts.values()],

    installations: () =>
      [...state.installations.values()].map((one) => ({
        ...one,
        integrationId: one.id,
        appId: account(one.account).appId,
        accessTokens: [...state.tokens].filter(([, id]) => id === one.id).map(([token]) => token),
        webhooks: listWebhooks(state, one),
      })),

    /** Installs without the browser: what Allow and the token request do together. */
    install: (at: { account: string; clientId: string }) =>
      install(platform, account(at.account), at.clientId).accessToken,

    /** The account's owner changes its subdomain. */
    renameAccount: (renamed: { account: string; subdomain: string }): void =>
      renameAccount(platform, account(renamed.account), renamed.subdomain),

    /** Whether files of the account are read with a token of the account alone. */
    setPrivateAttachments: (slug: string, isOn: boolean): void =>
      setPrivateAttachments(platform, account(slug), isOn),

    /** Who releases control when a customer ends the session: Zendesk (`release`) or the bot. */
    setControlSetting: (slug: string, setting: 'conversational' | 'release'): void =>
      setControlSetting(platform, account(slug), setting),

    /** An admin removes the bot: everything goes, then the remove callback is sent. */
    removeInstallation(at: { account: string; clientId: string }): void {
      uninstall(platform, account(at.account), installation(at.account, at.clientId));
    },

    ...createPeopleControl(platform),
    ...createCustomerControl(platform),

    /** A human agent answers. */
    agentReply(said: { conversationId: string; text: string }): void {
      replyAsAgent(platform, conversation(said.conversationId), said.text);
    },

    /** A human agent takes the conversation from the bot. */
    takeOver: (conversationId: string): void => takeOver(platform, conversation(conversationId)),

    /** A human agent accepts the control that a bot has offered. */
    acceptOffer: (conversationId: string): void =>
      acceptOffer(platform, conversation(conversationId)),

    /** A human agent is done, and the ticket is closed: control goes to the assigned bot. */
    solve: (conversationId: string): void => closeTicket(platform, conversation(conversationId)),

    /** A human agent goes on by e-mail. */
    transferToEmail: (conversationId: string): void =>
      transferToEmail(platform, conversation(conversationId)),

    /** All messages, oldest first, as ListMessages shows them. */
    messages: (conversationId: string) => {
      conversation(conversationId);
      return (state.messages.get(conversationId) ?? []).map((one) => showMessage(state, one));
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
      setControl(platform, target, id);
    },

    /** A webhook of another deployment that shares the client; nothing is checked. */
    addForeignWebhook: (options: {
      account: string;
      clientId: string;
      target: string;
      triggers?: string[];
    }) =>
      addWebhook(platform, installation(options.account, options.clientId), {
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
      const message = storeMessage(
        platform,
        target,
        draftOf(platform, target, { type: 'text', text: options.text }),
      );
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
      const owned = listWebhooks(state, installation(options.account, options.clientId));
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
