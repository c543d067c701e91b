import type { ZendeskClient } from '../zendesk/client.ts';
import type { Metadata } from '../zendesk/conversations.ts';
import type { Profile, ProfileChanges } from '../zendesk/users.ts';

export type { Profile, ProfileChanges };

/** Who the bot talks with. What Zendesk's event says is there at once; for the rest it is asked. */
export interface Customer {
  id: string;
  /** Your own id of the customer, where the site has signed him in. */
  externalId: string | undefined;
  /** Whether the site, or the help center, has proven who it is; undefined when the event does not say. */
  isAuthenticated: boolean | undefined;
  /** Asks Zendesk, once an attempt. @throws RemoteError */
  profile: () => Promise<Profile>;
  /** Changes what Zendesk stores of the customer; what is not named stays. @throws RemoteError */
  update: (changes: { profile?: ProfileChanges; metadata?: Metadata }) => Promise<void>;
}

/** What an event says of its customer. */
export interface KnownCustomer {
  id: string;
  externalId?: string | null | undefined;
  authenticated?: boolean | null | undefined;
}

export function openCustomer(
  users: ZendeskClient['users'],
  { id, externalId, authenticated }: KnownCustomer,
): Customer {
  let asked: Promise<Profile> | undefined;
  return {
    id,
    externalId: externalId ?? undefined,
    isAuthenticated: authenticated ?? undefined,
    profile: () => (asked ??= users.get(id)),
    async update(changes) {
      asked = undefined;
      await users.update(id, changes);
    },
  };
}
