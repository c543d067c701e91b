const DOCUMENTATION = 'https://developer.zendesk.com/documentation/conversations';
const PROGRAMMABLE = `${DOCUMENTATION}/messaging-platform/programmable-conversations`;

/** A page of Zendesk's documentation. */
export interface DocumentationPage {
  title: string;
  href: string;
}

export const GUIDES = {
  marketplaceBot: {
    title: 'Building a marketplace bot',
    href: `${DOCUMENTATION}/how-to-guides/building-a-marketplace-bot/`,
  },
  receiving: { title: 'Receiving messages', href: `${PROGRAMMABLE}/receiving-messages/` },
  sending: { title: 'Sending messages', href: `${PROGRAMMABLE}/sending-messages/` },
  switchboard: { title: 'Switchboard', href: `${PROGRAMMABLE}/switchboard/` },
};

/** An operation in the API reference, by its name in the OpenAPI document. */
export function referenceOf(operation: string): DocumentationPage {
  const href = `https://developer.zendesk.com/api-reference/conversations/#operation/${operation}`;
  return { title: operation, href };
}
