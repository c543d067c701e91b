import { stableId } from './new-id.ts';
import type { Account } from './records.ts';

/** The accounts every world starts with; `mark` ends their names. */
export function predefinedAccounts(mark = ''): Account[] {
  return [
    predefine(`acme${mark}`, 'Acme Outdoor', false),
    predefine(`bloom${mark}`, 'Bloom Bakery', false),
    predefine(`old-mill${mark}`, 'Old Mill', true),
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
