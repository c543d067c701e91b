import type { Config } from '../../config/load-config.ts';
import { marketplaceHeaders } from '../../zendesk/connect.ts';
import { advice, type Finding, ok } from './finding.ts';

const CHECK = 'marketplace headers';

/** The variables that have no value yet: calls to Zendesk lack a header that its review looks for. */
export function findMissingMarketplace(marketplace: Config['marketplace']): string[] {
  const { name, organizationId, botId } = marketplace;
  return [
    ...(name === undefined ? ['ZENDESK_MARKETPLACE_NAME'] : []),
    ...(organizationId === undefined ? ['ZENDESK_MARKETPLACE_ORG_ID'] : []),
    ...(botId === undefined ? ['ZENDESK_MARKETPLACE_BOT_ID'] : []),
  ];
}

/** Zendesk's review looks for them on every call; the ids exist only after the bot was submitted. */
export function checkMarketplace(marketplace: Config['marketplace']): Finding {
  const missing = findMissingMarketplace(marketplace);
  if (missing.length === 0) {
    return ok(CHECK, `${Object.keys(marketplaceHeaders(marketplace)).join(', ')} are sent.`);
  }
  return advice(
    CHECK,
    `Without ${missing.join(', ')} calls to Zendesk lack a header that its review looks for.`,
    'Copy the values from apps.zendesk.com once the bot is submitted.',
  );
}
