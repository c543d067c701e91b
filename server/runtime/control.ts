import { RemoteError } from '../remote-error.ts';
import type { ZendeskClient } from '../zendesk/client.ts';
import type { SwitchboardIntegration } from '../zendesk/events.ts';

/** What an event, or Zendesk when asked, says of a member of the switchboard. */
export type Controller = Partial<SwitchboardIntegration> | null | undefined;

export interface ControlRule {
  /** A marketplace bot's integrationType is its OAuth client id (OpenAPI switchboardIntegrationType). */
  clientId: string;
  /** For accounts without a switchboard, where nobody is ever in control. */
  answerWithoutSwitchboard: boolean;
}

/** The people working in Zendesk's Agent Workspace, by switchboard integration type. */
export const AGENT_WORKSPACE = 'zd:agentWorkspace';

type Conversations = Pick<ZendeskClient['conversations'], 'get' | 'releaseControl'>;

/** Whether the conversation is ours to answer, read from the event or from Zendesk, never remembered. */
export function isInControl(active: Controller, rule: ControlRule): boolean {
  if (active === null || active === undefined) return rule.answerWithoutSwitchboard;
  return isUs(active, rule);
}

export function isUs(member: Controller, { clientId }: ControlRule): boolean {
  return member?.integrationType === clientId;
}

export function nameController(active: Controller): string {
  return active?.integrationType ?? active?.name ?? 'nobody';
}

/** For a sentence: who is in control, in words as far as we know them. */
export function describeController(active: Controller, { clientId }: ControlRule): string {
  const name = nameController(active);
  if (name === clientId) return 'this bot';
  return name === AGENT_WORKSPACE ? 'the Agent Workspace' : name;
}

/** Why the bot has to be silent; undefined: it is in control. */
export function findOtherController(active: Controller, rule: ControlRule): string | undefined {
  return isInControl(active, rule)
    ? undefined
    : `Not this bot but ${describeController(active, rule)} is in control.`;
}

/** Thrown when control has moved before we could answer: nothing is wrong, we just stay silent. */
export class ControlLostError extends Error {
  readonly active: Controller;

  constructor(active: Controller, rule: ControlRule) {
    super(`Control went to ${describeController(active, rule)} before the answer was sent.`);
    this.name = 'ControlLostError';
    this.active = active;
  }
}

/**
 * Leaves the conversation without anybody in control, which ends it. Done as well when it is so already: by
 * an attempt before this one, or by Zendesk itself.
 * @throws ControlLostError when somebody else has it, RemoteError
 */
export async function releaseControl(
  conversations: Conversations,
  id: string,
  rule: ControlRule,
): Promise<void> {
  try {
    await conversations.releaseControl(id);
  } catch (error) {
    const active = await findOutWhy(conversations, id, error);
    if (!active) return;
    throw isUs(active, rule) ? error : new ControlLostError(active, rule);
  }
}

/** 403 means “not active” or “not pending” (OpenAPI ReleaseControl, AcceptControl): who is, then? */
export async function findOutWhy(
  conversations: Pick<Conversations, 'get'>,
  id: string,
  error: unknown,
): Promise<Controller> {
  if (!(error instanceof RemoteError) || error.status !== 403) throw error;
  return (await conversations.get(id)).activeSwitchboardIntegration;
}
