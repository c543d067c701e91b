import type { Account, Conversation, Message } from '../state/records.ts';
import { postAsBusiness, postSystemLine } from './conversations/messages.ts';
import { acceptControl, passControl, release } from './conversations/switchboard.ts';
import type { Platform } from './create-platform.ts';
import { AGENT_WORKSPACE_NAME, defaultMemberId } from './switchboard-members.ts';

const NAME = 'Agent';

/** A human agent answers. Undefined when the text was a control command. */
export function replyAsAgent(
  platform: Platform,
  conversation: Conversation,
  text: string,
): Message | undefined {
  return postAsBusiness(platform, conversation, {
    author: { type: 'business', displayName: NAME, subtypes: ['agent'] },
    content: { type: 'text', text },
    source: { type: 'zd:agentWorkspace' },
    metadata: { '__zendesk_msg.agent.id': '1' },
    speaker: { kind: 'agent', name: NAME },
  });
}

/** The agent takes the conversation from the bot. */
export function takeOver(platform: Platform, conversation: Conversation): void {
  passControl(platform, conversation, AGENT_WORKSPACE_NAME);
}

/** Takes control that a bot has offered. @throws ApiError 403 when it was not offered to the agents. */
export function acceptOffer(platform: Platform, conversation: Conversation): void {
  const account = platform.state.accounts.get(conversation.account);
  acceptControl(platform, conversation, account?.agentWorkspace.switchboardIntegrationId ?? '');
}

/** The ticket is closed. Zendesk does so days after an agent has solved it. */
export function closeTicket(platform: Platform, conversation: Conversation): void {
  giveBack(platform, conversation, {
    type: 'ticket:closed',
    text: 'The ticket was closed',
    reason: 'ticketClosed',
  });
}

/** The rest will be said by e-mail. */
export function transferToEmail(platform: Platform, conversation: Conversation): void {
  giveBack(platform, conversation, {
    type: 'ticket:transfer:email',
    text: 'The conversation goes on by e-mail',
    reason: 'transferToEmail',
  });
}

type Ending = {
  type: 'ticket:closed' | 'ticket:transfer:email';
  text: string;
  reason: 'ticketClosed' | 'transferToEmail';
};

/** The system says so, and control goes to whoever gets new conversations, or to nobody: as the account has it. */
function giveBack(platform: Platform, conversation: Conversation, ending: Ending): void {
  const { type, text, reason } = ending;
  const account: Account | undefined = platform.state.accounts.get(conversation.account);
  if (!account) return;
  postSystemLine(platform, conversation, { type, text });
  if (account.controlSetting === 'release') release(platform, conversation, { reason });
  else passControl(platform, conversation, defaultMemberId(platform.state, account), { reason });
}
