const DOCUMENTATION = 'https://developer.zendesk.com/documentation/conversations';
const PROGRAMMABLE = `${DOCUMENTATION}/messaging-platform/programmable-conversations`;

/** A page of Zendesk's documentation. */
interface DocumentationPage {
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

/** Calls are named as their operations in the OpenAPI document, and only they begin with a capital. */
export function documentationOf(key: string, guide?: DocumentationPage): DocumentationPage | null {
  if (guide !== undefined || !/^[A-Z]/.test(key)) return guide ?? null;
  const href = `https://developer.zendesk.com/api-reference/conversations/#operation/${key}`;
  return { title: key, href };
}

/** What a step of a trace means. */
export interface CatalogueEntry {
  /** With blanks such as `{account}` for the step's values. */
  sentence: string;
  file: string;
  /** A `function` or `const` of that file. */
  functionName: string;
  /** Of a call it is the reference of its operation, unless something explains it better. */
  guide?: DocumentationPage;
}

export function by(file: string, functionName: string) {
  return { file, functionName };
}
