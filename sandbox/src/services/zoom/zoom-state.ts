import { z } from 'zod';
import { createTokenState, tokenSnapshotSchema, toTokenSnapshot } from '../../oauth/token-state.ts';
import type { TokenState } from '../../oauth/token-state.ts';
import { webAddress } from '../../state/values.ts';

/**
 * Real ids hold both signs, which is how a client shows that it percent-encodes HTTP Basic: so
 * these must, too.
 */
const clientId = z
  .string()
  .regex(/^(?=.*-)(?=.*_)[\w-]+$/, { error: 'a Zoom client id here has to contain - and _' });

const generalAppSchema = z.object({
  clientId,
  clientSecret: z.string().min(1),
  name: z.string().min(1),
  redirectUris: z.array(webAddress).min(1),
  scopes: z.array(z.string()),
  /** Where events go; without it, or without the secret token, none are sent. */
  eventUrl: webAddress.optional(),
  /** Signs the events. */
  secretToken: z.string().min(1).optional(),
});

const serverAppSchema = z.object({
  accountId: z.string().min(1),
  clientId,
  clientSecret: z.string().min(1),
  name: z.string().min(1),
  scopes: z.array(z.string()),
});

const kept = { isActive: z.boolean() };

export const zoomAppSchema = z.discriminatedUnion('kind', [
  generalAppSchema.extend({ kind: z.literal('general'), ...kept }),
  serverAppSchema.extend({ kind: z.literal('server-to-server'), ...kept }),
]);

const meetingSchema = z.object({
  id: z.number(),
  uuid: z.string(),
  hostId: z.string(),
  topic: z.string(),
  type: z.number(),
  startTime: z.string().optional(),
  duration: z.number(),
  timezone: z.string(),
  agenda: z.string().optional(),
  password: z.string(),
  createdAt: z.string(),
  settings: z.record(z.string(), z.unknown()),
});

export const zoomSnapshotSchema = z.object({
  apps: z.array(zoomAppSchema),
  tokens: tokenSnapshotSchema,
  meetings: z.array(meetingSchema),
  meetingCounts: z.array(z.object({ userId: z.string(), day: z.string(), count: z.number() })),
});

export type ZoomGeneralAppInput = z.infer<typeof generalAppSchema>;
export type ZoomServerAppInput = z.infer<typeof serverAppSchema>;
export type ZoomApp = z.infer<typeof zoomAppSchema>;
export type ZoomGeneralApp = Extract<ZoomApp, { kind: 'general' }>;
export type ZoomMeeting = z.infer<typeof meetingSchema>;
type ZoomSnapshot = z.infer<typeof zoomSnapshotSchema>;

export interface ZoomState {
  apps: Map<string, ZoomApp>;
  tokens: TokenState;
  meetings: Map<number, ZoomMeeting>;
  /** By user id: how often meetings were made and changed on the last day (yyyy-mm-dd, UTC) any was. */
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
