import type { Account, Conversation } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** A participant of an account's switchboard, in the words of the API. */
export interface SwitchboardIntegration {
  id: string;
  name: string;
  integrationId: string;
  integrationType: string;
}

export const AGENT_WORKSPACE_NAME = 'zd-agentWorkspace';
export const AGENT_WORKSPACE_TYPE = 'zd:agentWorkspace';

/** The agent workspace and the account's bots. A bot's type is its OAuth client id. */
export function listMembers(state: State, account: Account): SwitchboardIntegration[] {
  const members = [
    {
      id: account.agentWorkspace.switchboardIntegrationId,
      name: AGENT_WORKSPACE_NAME,
      integrationId: account.agentWorkspace.integrationId,
      integrationType: AGENT_WORKSPACE_TYPE,
    },
  ];
  for (const installation of state.installations.values()) {
    if (installation.account !== account.slug) continue;
    members.push({
      id: installation.switchboardIntegrationId,
      name: slugify(
        state.clients.get(installation.clientId)?.details.name ?? installation.clientId,
      ),
      integrationId: installation.id,
      integrationType: installation.clientId,
    });
  }
  return members;
}

/**
 * Finds what a control call names: by id, else by name, else by type, in the order the API
 * documents. Nothing found, or two bots of the same name: undefined.
 */
export function findMember(
  members: SwitchboardIntegration[],
  reference: string,
): SwitchboardIntegration | undefined {
  for (const key of ['id', 'name', 'integrationType'] as const) {
    const found = members.filter((member) => member[key] === reference);
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

export function activeMember(state: State, conversation: Conversation) {
  return memberById(state, conversation, conversation.activeId);
}

export function pendingMember(state: State, conversation: Conversation) {
  return memberById(state, conversation, conversation.pendingId);
}

/** Who gets an account's new conversations: the assigned bot, else the agent workspace. */
export function defaultMemberId(state: State, account: Account): string {
  const assigned = state.installations.get(account.assignedInstallationId ?? '');
  return assigned?.switchboardIntegrationId ?? account.agentWorkspace.switchboardIntegrationId;
}

function memberById(state: State, conversation: Conversation, id: string | null) {
  const account = state.accounts.get(conversation.account);
  if (!account || id === null) return undefined;
  return listMembers(state, account).find((member) => member.id === id);
}

/** A name as switchboards write it: lower case, digits and hyphens. */
function slugify(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'bot'
  );
}
