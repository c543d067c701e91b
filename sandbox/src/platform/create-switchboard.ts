import { ApiError } from '../refused.ts';
import type { Changes } from '../state/changes.ts';
import type { Conversation, Installation } from '../state/records.ts';
import type { State } from '../state/state.ts';
import type { Metadata } from '../state/values.ts';
import { noteControlChange } from './control-history.ts';
import type { ControlDetails, ControlEvent, Events } from './create-events.ts';
import { defaultMemberId, findMember, listMembers } from './switchboard-members.ts';

interface SwitchboardOptions {
  state: State;
  changes: Changes;
  events: Events;
}

export interface PassOptions {
  metadata?: Metadata | undefined;
  reason?: 'ticketClosed' | undefined;
}

export type Switchboard = ReturnType<typeof createSwitchboard>;

/** Who speaks in a conversation, and how that changes. */
export function createSwitchboard({ state, changes, events }: SwitchboardOptions) {
  /** `next` leads to the agent workspace, the usual setting for a bot. */
  function findTarget(conversation: Conversation, reference: string) {
    const account = state.accounts.get(conversation.account);
    if (!account) return undefined;
    if (reference !== 'next') return findMember(listMembers(state, account), reference);
    const { switchboardIntegrationId } = account.agentWorkspace;
    return conversation.activeId === switchboardIntegrationId
      ? undefined
      : findMember(listMembers(state, account), switchboardIntegrationId);
  }

  function set(conversation: Conversation, activeId: string | null, pendingId: string | null) {
    conversation.activeId = activeId;
    conversation.pendingId = pendingId;
    conversation.isReleased = false;
    changes.announce({ account: conversation.account, conversationId: conversation.id });
  }

  function tell(type: ControlEvent, conversation: Conversation, details: ControlDetails) {
    noteControlChange(state, conversation, type, details);
    changes.announce({ account: conversation.account, conversationId: conversation.id });
    events.controlChanged(type, conversation, details);
  }

  function fail(
    type: 'switchboard:passControl:failure' | 'switchboard:offerControl:failure',
    conversation: Conversation,
    reference: string,
    metadata: Metadata | undefined,
  ) {
    const message = `Switchboard integration ${reference} is not a valid target`;
    const error = { code: 'switchboard_invalid_target', message };
    tell(type, conversation, { metadata, error });
  }

  function release(conversation: Conversation, details: PassOptions = {}) {
    if (conversation.activeId === null) return;
    set(conversation, null, null);
    conversation.isReleased = true;
    tell('switchboard:releaseControl', conversation, details);
  }

  return {
    /**
     * Passing control to whoever has it changes nothing and is not announced. An unknown target is
     * answered by the event `switchboard:passControl:failure` alone.
     */
    passControl(conversation: Conversation, reference: string, options: PassOptions = {}) {
      const target = findTarget(conversation, reference);
      if (!target) {
        fail('switchboard:passControl:failure', conversation, reference, options.metadata);
        return;
      }
      if (target.id === conversation.activeId) return;
      set(conversation, target.id, null);
      tell('switchboard:passControl', conversation, options);
    },

    /** A newer offer takes the place of an older one. */
    offerControl(conversation: Conversation, reference: string, metadata?: Metadata) {
      const target = findTarget(conversation, reference);
      if (!target || target.id === conversation.activeId) {
        fail('switchboard:offerControl:failure', conversation, reference, metadata);
        return;
      }
      set(conversation, conversation.activeId, target.id);
      tell('switchboard:offerControl', conversation, { metadata });
    },

    /** Throws 403 when the offer was not made to this integration. */
    acceptControl(conversation: Conversation, by: Installation, metadata?: Metadata) {
      if (conversation.pendingId !== by.switchboardIntegrationId) throw forbidden();
      set(conversation, by.switchboardIntegrationId, null);
      tell('switchboard:acceptControl', conversation, { metadata });
    },

    /** Afterwards nobody is in control. Throws 403 when this integration is not in control. */
    releaseControl(conversation: Conversation, by: Installation, metadata?: Metadata) {
      if (conversation.activeId !== by.switchboardIntegrationId) throw forbidden();
      release(conversation, { metadata });
    },

    /** Zendesk itself releases control. */
    release,

    /** After a release: whoever gets new conversations has control again, and nobody is told. */
    takeUp(conversation: Conversation): void {
      const account = state.accounts.get(conversation.account);
      if (account && conversation.isReleased === true)
        set(conversation, defaultMemberId(state, account), null);
    },

    /** Changes who is in control without telling anybody, as the platform does when a bot is removed. */
    assignSilently(conversation: Conversation, activeId: string | null) {
      set(conversation, activeId, null);
    },
  };
}

function forbidden() {
  return new ApiError(403, 'forbidden', 'Forbidden');
}
