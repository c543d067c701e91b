import type { Platform } from '../../platform/create-platform.ts';
import type { Zocks } from '../zocks/create-zocks.ts';
import { createApps } from './create-apps.ts';
import { createDrafts } from './create-drafts.ts';
import type { PortalState } from './portal-state.ts';

interface PortalOptions {
  state: PortalState;
  /** Whose people sign in here, and whose apps most of them are. */
  zocks: Zocks;
  zendesk: Platform;
}

export type Portal = ReturnType<typeof createPortal>;

/** Where Zocks' people manage their apps, without HTTP. */
export function createPortal({ state, zocks, zendesk }: PortalOptions) {
  const { people, permissions, enterprises, sessions } = zocks;
  const announce = () => zendesk.changes.announce({ service: 'portal' });
  return {
    /** By slug: where a marketplace bot may be tried. */
    zendeskAccounts: zendesk.state.accounts,
    people,
    permissions,
    enterprises,
    sessions,
    apps: createApps({ state, zocks, zendesk }),
    drafts: createDrafts({ state, announce }),
  };
}
