import type { Config } from '../../config/load-config.ts';
import { marketplaceHeaders } from '../../zendesk/connect.ts';
import { advice, type Finding, ok } from './finding.ts';

const CHECK = 'marketplace headers';
const VARIABLES = {
  name: 'ZENDESK_MARKETPLACE_NAME',
  organizationId: 'ZENDESK_MARKETPLACE_ORG_ID',
  botId: 'ZENDESK_MARKETPLACE_BOT_ID',
} as const;

/** Zendesk's review looks for them on every call; the ids exist only after the bot was submitted. */
export function checkMarketplace(marketplace: Config['marketplace']): Finding {
  const missing = (['name', 'organizationId', 'botId'] as const)
    .filter((part) => marketplace[part] === undefined)
    .map((part) => VARIABLES[part]);
  if (missing.length === 0) {
    return ok(CHECK, `${Object.keys(marketplaceHeaders(marketplace)).join(', ')} are sent.`);
  }
  return advice(
    CHECK,
    `Without ${missing.join(', ')} calls to Zendesk lack a header that its review looks for.`,
    'Copy the values from apps.zendesk.com once the bot is submitted.',
  );
}
