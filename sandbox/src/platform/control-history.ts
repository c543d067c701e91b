import type { Conversation } from '../state/records.ts';
import type { State } from '../state/state.ts';
import type { ControlDetails, ControlTrigger } from './events/conversation-events.ts';
import { activeMember, AGENT_WORKSPACE_TYPE, pendingMember } from './switchboard-members.ts';

const KEPT = 50;

/** Whoever had control is gone: no event tells of it. */
export const REMOVED = 'integration:removed';

/** A participant in the words of the pages. */
export interface Party {
  kind: 'bot' | 'agent';
  name: string;
}

/** Remembers for the pages how control moved; the API tells of it by events alone. */
export function noteControlChange(
  state: State,
  conversation: Conversation,
  type: ControlTrigger | typeof REMOVED,
  { metadata, reason, error }: ControlDetails = {},
): void {
  const isOffer = type === 'switchboard:offerControl';
  const member = isOffer ? pendingMember(state, conversation) : activeMember(state, conversation);
  const change = {
    at: new Date().toISOString(),
    type,
    to: describeParty(state, member),
    ...(metadata && { metadata }),
    ...(reason && { reason }),
    ...(error && { problem: error.message }),
  };
  conversation.controlChanges = [...(conversation.controlChanges ?? []), change].slice(-KEPT);
}

/** Who is in control; null: nobody. */
export function describeControl(state: State, conversation: Conversation): Party | null {
  return describeParty(state, activeMember(state, conversation));
}

function describeParty(state: State, member: ReturnType<typeof activeMember>): Party | null {
  if (!member) return null;
  return member.integrationType === AGENT_WORKSPACE_TYPE
    ? { kind: 'agent', name: 'Agent' }
    : { kind: 'bot', name: state.clients.get(member.integrationType)?.details.name ?? member.name };
}
