import type { CodeGrant } from '../../oauth/authorize-routes.ts';
import { createAuthorizationCodes } from '../../oauth/create-authorization-codes.ts';
import { createTokens } from '../../oauth/create-tokens.ts';
import { createCalls } from '../../operations.ts';
import type { WorldParts } from '../service.ts';
import { createAuthorizations } from './create-authorizations.ts';
import { createZoomApps } from './create-zoom-apps.ts';
import { createZoomEvents } from './create-zoom-events.ts';
import { createZoomMeetings } from './create-zoom-meetings.ts';
import type { ZoomState } from './zoom-state.ts';

export const zoomOperations = [
  'ZoomToken',
  'ZoomRevoke',
  'ZoomGetUser',
  'ZoomListUsers',
  'ZoomListMeetings',
  'ZoomCreateMeeting',
  'ZoomGetMeeting',
  'ZoomUpdateMeeting',
  'ZoomDeleteMeeting',
  'ZoomGetInvitation',
] as const;

export type ZoomOperation = (typeof zoomOperations)[number];

interface ZoomOptions extends Omit<WorldParts, 'platform' | 'find'> {
  state: ZoomState;
}

export type Zoom = ReturnType<typeof createZoom>;

/** What Zoom does, without HTTP: its face and the tests' control work through it. */
export function createZoom(options: ZoomOptions) {
  const { state, changes, faults, log, timeScale, url, limits, mayCall, worldSuffix } = options;
  const announce = () => changes.announce({ service: 'zoom' });
  const apps = createZoomApps({ state, announce });
  const events = createZoomEvents({ apps, log, timeScale, mayCall });
  const tokens = createTokens({ state: state.tokens, announce, worldSuffix });
  return {
    /** Both its pages and, as real Zoom has it in `api_url`, the API without its version. */
    apiUrl: `${url}/zoom`,
    changes,
    faults,
    calls: createCalls<ZoomOperation>(limits.calls),
    apps,
    events,
    tokens,
    codes: createAuthorizationCodes<CodeGrant>({ worldSuffix }),
    authorizations: createAuthorizations({ tokens, events }),
    meetings: createZoomMeetings({ state, announce, kept: limits.meetings }),
  };
}
