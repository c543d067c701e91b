import { createTokenState, toTokenSnapshot } from '../../oauth/token-state.ts';
import type { TokenState } from '../../oauth/token-state.ts';
import type { ZoomApp, ZoomMeeting, ZoomSnapshot } from './records.ts';

export interface ZoomState {
  apps: Map<string, ZoomApp>;
  tokens: TokenState;
  meetings: Map<number, ZoomMeeting>;
  /** By user id: how many meetings were made on the last day (yyyy-mm-dd, UTC) any was made. */
  meetingCounts: Map<string, { day: string; count: number }>;
}

export function createZoomState(snapshot?: ZoomSnapshot): ZoomState {
  return {
    apps: new Map(snapshot?.apps.map((app) => [app.clientId, app])),
    tokens: createTokenState(snapshot?.tokens),
    meetings: new Map(snapshot?.meetings.map((meeting) => [meeting.id, meeting])),
    meetingCounts: new Map(snapshot?.meetingCounts.map(({ userId, ...made }) => [userId, made])),
  };
}

export function toZoomSnapshot({ apps, tokens, meetings, meetingCounts }: ZoomState): ZoomSnapshot {
  return {
    apps: [...apps.values()],
    tokens: toTokenSnapshot(tokens),
    meetings: [...meetings.values()],
    meetingCounts: [...meetingCounts].map(([userId, made]) => ({ userId, ...made })),
  };
}
