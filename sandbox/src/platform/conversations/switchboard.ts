import { ApiError } from '../../refused.ts';
import type { Conversation, Installation } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import type { Metadata } from '../../state/values.ts';
import { noteControlChange } from '../control-history.ts';
import type { Platform } from '../create-platform.ts';
import { publishControl } from '../events/conversation-events.ts';
import type { ControlDetails, ControlTrigger } from '../events/conversation-events.ts';
import {
  AGENT_WORKSPACE_NAME,
  defaultMemberId,
  findMember,
  listMembers,
} from '../switchboard-members.ts';

/** Who speaks in a conversation, and how that changes. */
type Needs = Pick<Platform, 'state' | 'changes' | 'deliveries'>;

type Details = Omit<ControlDetails, 'error'>;
type Failure = NonNullable<ControlDetails['error']>;

/**
 * Passing control to whoever has it changes nothing and is not announced. An unknown target is
 * answered by the event `switchboard:passControl:failure` alone.
 */
export function passControl(
  needs: Needs,
  conversation: Conversation,
  reference: string,
  details: Details = {},
): void {
  const target = findTarget(needs.state, conversation, reference);
  if (!target) {
    const error = unknownTarget(reference);
    tell(needs, 'switchboard:passControl:failure', conversation, { ...details, error });
    return;
  }
  if (target.id === conversation.activeId) return;
  setControl(needs, conversation, target.id);
  tell(needs, 'switchboard:passControl', conversation, details);
}

/** A newer offer takes the place of an older one. */
export function offerControl(
  needs: Needs,
  conversation: Conversation,
  reference: string,
  metadata?: Metadata,
): void {
  const target = findTarget(needs.state, conversation, reference);
  if (!target || target.id === conversation.activeId) {
    const error = target ? OFFERED_TO_ACTIVE : unknownTarget(reference);
    tell(needs, 'switchboard:offerControl:failure', conversation, { metadata, error });
    return;
  }
  setControl(needs, conversation, conversation.activeId, target.id);
  tell(needs, 'switchboard:offerControl', conversation, { metadata });
}

/** Takes the offer. @throws ApiError 403, and says so in an event, when it was not made to this member. */
export function acceptControl(
  needs: Needs,
  conversation: Conversation,
  memberId: string,
  metadata?: Metadata,
): void {
  if (conversation.pendingId !== memberId) {
    const error = conversation.pendingId === null ? NOTHING_OFFERED : OFFERED_TO_ANOTHER;
    tell(needs, 'switchboard:acceptControl:failure', conversation, { metadata, error });
    throw forbidden();
  }
  setControl(needs, conversation, memberId);
  tell(needs, 'switchboard:acceptControl', conversation, { metadata });
}

/** Afterwards nobody is in control. @throws ApiError 403 when this integration is not in control. */
export function releaseControl(
  needs: Needs,
  conversation: Conversation,
  by: Installation,
  metadata?: Metadata,
): void {
  if (conversation.activeId !== by.switchboardIntegrationId) throw forbidden();
  release(needs, conversation, { metadata });
}

/** Zendesk itself releases control. */
export function release(needs: Needs, conversation: Conversation, details: Details = {}): void {
  if (conversation.activeId === null) return;
  setControl(needs, conversation, null);
  conversation.isReleased = true;
  tell(needs, 'switchboard:releaseControl', conversation, details);
}

/** After a release: whoever gets new conversations has control again, and nobody is told. */
export function takeUp(needs: Pick<Needs, 'state' | 'changes'>, conversation: Conversation): void {
  const account = needs.state.accounts.get(conversation.account);
  if (account && conversation.isReleased === true)
    setControl(needs, conversation, defaultMemberId(needs.state, account));
}

/** Changes who is in control without telling anybody, as the platform does when a bot is removed. */
export function setControl(
  { changes }: Pick<Needs, 'changes'>,
  conversation: Conversation,
  activeId: string | null,
  pendingId: string | null = null,
): void {
  conversation.activeId = activeId;
  conversation.pendingId = pendingId;
  conversation.isReleased = false;
  changes.announce({ account: conversation.account, conversationId: conversation.id });
}

function tell(
  needs: Needs,
  type: ControlTrigger,
  conversation: Conversation,
  details: ControlDetails,
): void {
  noteControlChange(needs.state, conversation, type, details);
  needs.changes.announce({ account: conversation.account, conversationId: conversation.id });
  publishControl(needs, type, conversation, details);
}

/** `next` is whoever comes after the bot that calls, the agents by the usual setting; also while they are in control. */
function findTarget(state: State, conversation: Conversation, reference: string) {
  const account = state.accounts.get(conversation.account);
  const name = reference === 'next' ? AGENT_WORKSPACE_NAME : reference;
  return account && findMember(listMembers(state, account), name);
}

const INVALID_TARGET = 'switchboard_invalid_target';
const INVALID_ACTION = 'switchboard_invalid_action';

const OFFERED_TO_ACTIVE: Failure = {
  code: INVALID_TARGET,
  message: 'Cannot offer control to the active switchboard integration.',
};
const NOTHING_OFFERED: Failure = {
  code: INVALID_ACTION,
  message: 'There is no pendingSwitchboardIntegration',
};
const OFFERED_TO_ANOTHER: Failure = {
  code: INVALID_ACTION,
  message: 'Another one is the pendingSwitchboardIntegration',
};

function unknownTarget(reference: string): Failure {
  const message = `Switchboard integration ${reference} is not a valid target`;
  return { code: INVALID_TARGET, message };
}

function forbidden() {
  return new ApiError(403, 'forbidden', 'Forbidden');
}
