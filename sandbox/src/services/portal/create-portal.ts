import type { Tokens } from '../../oauth/create-tokens.ts';
import type { Installations } from '../../platform/create-installations.ts';
import type { Changes } from '../../state/changes.ts';
import type { WorldLimits } from '../../world/limits.ts';
import { createApps } from './create-apps.ts';
import { createDrafts } from './create-drafts.ts';
import { createEnterprises } from './create-enterprises.ts';
import { createPeople } from './create-people.ts';
import { createSessions } from './create-sessions.ts';
import { createPermissions } from './permissions.ts';
import type { PortalState } from './portal-state.ts';

interface PortalOptions {
  state: PortalState;
  changes: Changes;
  /** What people have allowed the apps. */
  tokens: Tokens;
  /** Where marketplace bots are installed. */
  installations: Installations;
  limits: WorldLimits;
  /** Ends every client id made here. */
  mark: string;
  /** Whether browsers come by https. */
  isSecure: boolean;
}

export type Portal = ReturnType<typeof createPortal>;

/** Accounts, people and their apps, without HTTP: pages, consent and API work through it. */
export function createPortal(options: PortalOptions) {
  const { state, changes, tokens, installations, limits, mark, isSecure } = options;
  const announce = () => changes.announce({ face: 'portal' });
  const permissions = createPermissions(state);
  return {
    state,
    permissions,
    apps: createApps({ state, tokens, installations, permissions, announce, limits, mark }),
    people: createPeople({ state, tokens, permissions, announce }),
    enterprises: createEnterprises({ state, announce }),
    drafts: createDrafts({ state, announce }),
    sessions: createSessions(state, { isSecure }),
  };
}
