import { stableId } from './new-id.ts';
import type { Account } from './records.ts';

/** The accounts every sandbox starts with. */
export function predefinedAccounts(): Account[] {
  return [
    predefine('acme', 'Acme Outdoor', false),
    predefine('bloom', 'Bloom Bakery', false),
    predefine('old-mill', 'Old Mill', true),
  ];
}

function predefine(slug: string, displayName: string, legacy: boolean): Account {
  return {
    slug,
    displayName,
    appId: stableId(`${slug}:app`),
    legacy,
    assignedInstallationId: null,
    agentWorkspace: {
      switchboardIntegrationId: stableId(`${slug}:agent-workspace-switchboard`),
      integrationId: stableId(`${slug}:agent-workspace`),
    },
    webIntegrationId: stableId(`${slug}:web`),
  };
}
