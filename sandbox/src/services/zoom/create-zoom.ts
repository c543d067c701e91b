import type { Faults } from '../../faults/create-faults.ts';
import type { ZoomOperation } from '../../faults/fault.ts';
import type { CodeGrant } from '../../oauth/authorize-routes.ts';
import { createAuthorizationCodes } from '../../oauth/create-authorization-codes.ts';
import { createTokens } from '../../oauth/create-tokens.ts';
import { createCalls } from '../../operations/create-calls.ts';
import type { Changes } from '../../state/changes.ts';
import type { WorldLimits } from '../../world/limits.ts';
import { createAuthorizations } from './create-authorizations.ts';
import { createZoomApps } from './create-zoom-apps.ts';
import { createZoomEvents } from './create-zoom-events.ts';
import { createZoomMeetings } from './create-zoom-meetings.ts';
import type { ZoomState } from './zoom-state.ts';

interface ZoomOptions {
  state: ZoomState;
  changes: Changes;
  faults: Faults;
  log: (line: string) => void;
  timeScale: number;
  /** Keeps every call. */
  record: boolean;
  /** Where the sandbox is. */
  url: string;
  limits: WorldLimits;
  mayCall: (url: string) => boolean;
  mark: string;
}

export type Zoom = ReturnType<typeof createZoom>;

/** What Zoom does, without HTTP: its face and the tests' control work through it. */
export function createZoom(options: ZoomOptions) {
  const { state, changes, faults, log, timeScale, record, url, limits, mayCall, mark } = options;
  const announce = () => changes.announce({ face: 'zoom' });
  const apps = createZoomApps({ state, announce });
  const events = createZoomEvents({ apps, log, timeScale, mayCall });
  const tokens = createTokens({ state: state.tokens, announce, mark });
  return {
    /** Both its pages and, as real Zoom has it in `api_url`, the API without its version. */
    apiUrl: `${url}/zoom`,
    changes,
    faults,
    calls: createCalls<ZoomOperation>({ record }),
    apps,
    events,
    tokens,
    codes: createAuthorizationCodes<CodeGrant>({ mark }),
    authorizations: createAuthorizations({ tokens, events }),
    meetings: createZoomMeetings({ state, announce, kept: limits.meetings }),
  };
}
