import type { Conversation, Message } from '../state/records.ts';
import type { State } from '../state/state.ts';
import type { Messages } from './create-messages.ts';
import type { Switchboard } from './create-switchboard.ts';
import { AGENT_WORKSPACE_NAME, defaultMemberId } from './switchboard-members.ts';

interface AgentOptions {
  state: State;
  switchboard: Switchboard;
  messages: Messages;
}

const NAME = 'Agent';

/** What a human agent does in the workspace. */
export function createAgent({ state, switchboard, messages }: AgentOptions) {
  return {
    /** Undefined when the text was a control command. */
    reply(conversation: Conversation, text: string): Message | undefined {
      return messages.post(conversation, {
        author: { type: 'business', displayName: NAME },
        content: { type: 'text', text },
        source: { type: 'zd:agentWorkspace' },
        metadata: { '__zendesk_msg.agent.id': '1' },
        speaker: { kind: 'agent', name: NAME },
      });
    },

    takeOver(conversation: Conversation): void {
      switchboard.passControl(conversation, AGENT_WORKSPACE_NAME);
    },

    /** The conversation goes back to the assigned bot. Zendesk does so when the ticket is closed, days later. */
    solve(conversation: Conversation): void {
      const account = state.accounts.get(conversation.account);
      if (!account) return;
      switchboard.passControl(conversation, defaultMemberId(state, account), {
        reason: 'ticketClosed',
      });
    },
  };
}
