const DOCUMENTATION = 'https://developer.zendesk.com/documentation/conversations';
const PROGRAMMABLE = `${DOCUMENTATION}/messaging-platform/programmable-conversations`;

/** Zendesk's guides. */
export const GUIDES = {
  marketplaceBot: `${DOCUMENTATION}/how-to-guides/building-a-marketplace-bot/`,
  receiving: `${PROGRAMMABLE}/receiving-messages/`,
  sending: `${PROGRAMMABLE}/sending-messages/`,
  switchboard: `${PROGRAMMABLE}/switchboard/`,
};

/** An operation in Zendesk's API reference, by its name in the OpenAPI document. */
export function referenceOf(operation: string): string {
  return `https://developer.zendesk.com/api-reference/conversations/#operation/${operation}`;
}
