export interface Marketplace {
  name?: string | undefined;
  organizationId?: string | undefined;
  botId?: string | undefined;
}

/**
 * The headers that Zendesk's reviewers look for on every call a marketplace bot makes (developer
 * documentation, "Request header requirements for marketplace apps"). The ids exist only after the
 * bot was submitted, so any of them may still be missing.
 */
export function marketplaceHeaders({
  name,
  organizationId,
  botId,
}: Marketplace): Record<string, string> {
  return {
    ...(name === undefined ? {} : { 'X-Zendesk-Marketplace-Name': name }),
    ...(organizationId === undefined
      ? {}
      : { 'X-Zendesk-Marketplace-Organization-Id': organizationId }),
    ...(botId === undefined ? {} : { 'X-Zendesk-Marketplace-Bot-Id': botId }),
  };
}
