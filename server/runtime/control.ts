interface ActiveIntegration {
  name?: string | undefined;
  integrationType?: string | undefined;
}

export interface ControlRule {
  /** A marketplace bot's integrationType is its OAuth client id (OpenAPI switchboardIntegrationType). */
  clientId: string;
  /** For accounts without a switchboard, where nobody is ever in control. */
  answerWithoutSwitchboard: boolean;
}

/** Whether the conversation is ours to answer, read from the event or from Zendesk, never remembered. */
export function isInControl(
  active: ActiveIntegration | null | undefined,
  rule: ControlRule,
): boolean {
  if (active === null || active === undefined) return rule.answerWithoutSwitchboard;
  return active.integrationType === rule.clientId;
}

export function nameController(active: ActiveIntegration | null | undefined): string {
  return active?.integrationType ?? active?.name ?? 'nobody';
}

/** The people working in Zendesk's Agent Workspace, by switchboard integration type. */
export const AGENT_WORKSPACE = 'zd:agentWorkspace';

/** For a sentence: who is in control, in words as far as we know them. */
export function describeController(
  active: ActiveIntegration | null | undefined,
  { clientId }: Pick<ControlRule, 'clientId'>,
): string {
  const name = nameController(active);
  if (name === clientId) return 'this bot';
  return name === AGENT_WORKSPACE ? 'the Agent Workspace' : name;
}

/** Thrown when control has moved before we could answer: nothing is wrong, we just stay silent. */
export class ControlLostError extends Error {
  constructor(controller: string) {
    super(`Control went to ${controller} before the answer was sent.`);
    this.name = 'ControlLostError';
  }
}
