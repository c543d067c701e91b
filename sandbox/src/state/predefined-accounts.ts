import type { Account } from './records.ts';
import { stableId } from './values.ts';

/** The accounts every world starts with; `worldSuffix` ends their names. */
export function predefinedAccounts(worldSuffix = ''): Account[] {
  return [
    predefine(`acme${worldSuffix}`, 'Acme Outdoor', false),
    predefine(`bloom${worldSuffix}`, 'Bloom Bakery', false),
    predefine(`old-mill${worldSuffix}`, 'Old Mill', true),
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
    whatsappIntegrationId: stableId(`${slug}:whatsapp`),
    // As accounts are that began after 2024-12-05.
    hasPrivateAttachments: !legacy,
    controlSetting: 'conversational',
    customersMayEnd: true,
  };
}
