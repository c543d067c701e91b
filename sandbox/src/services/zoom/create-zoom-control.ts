import type { EventToSend } from './create-zoom-events.ts';
import type { Zoom } from './create-zoom.ts';
import { showZoomMeeting } from './meeting-shapes.ts';
import { ZOOM_ACCOUNT_ID, zoomUsers } from './users.ts';
import type { ZoomApp } from './zoom-state.ts';

/** What users and Zoom itself do, for tests. An app nobody registered is a mistake in the test and throws. */
export function createZoomControl(zoom: Zoom) {
  const { calls, apps, tokens, authorizations, meetings, events } = zoom;

  function findApp(clientId: string): ZoomApp {
    const app = apps.find(clientId);
    if (!app) throw new Error(`The sandbox knows no such Zoom app ${clientId}`);
    return app;
  }

  return {
    accountId: ZOOM_ACCOUNT_ID,
    users: zoomUsers,
    /** The newest calls to Zoom; all of them, when the sandbox was started with `record`. */
    calls: calls.all,
    apps: () => apps.list(),
    /** Who has which app. */
    grants: () => zoomUsers.flatMap(({ id }) => tokens.grantsOf(id)),

    /** The user removes all apps: tokens die and each app is told by an event. */
    deauthorize(userId: string): void {
      for (const grant of tokens.grantsOf(userId)) authorizations.remove(grant);
    },

    /** All access tokens, of users and of apps, stop working; refresh tokens live on. */
    expireAccessTokens: (): void => tokens.expireAccessTokens(),

    /** The user's refresh tokens stop working without a word, access tokens live on. */
    killRefreshToken(userId: string): void {
      for (const grant of tokens.grantsOf(userId)) tokens.killRefreshToken(grant);
    },

    /** Reaches tokens issued from now on: a user has to allow the app again. */
    setScopes: (clientId: string, scopes: string[]): void =>
      apps.setScopes(findApp(clientId), scopes),

    setActive: (clientId: string, active: boolean): void =>
      apps.setActive(findApp(clientId), active),

    /** As if every user had made so many meetings today. */
    fillMeetingsToday(count: number): void {
      for (const { id } of zoomUsers) meetings.setCountToday(id, count);
    },

    /** All meetings as the API shows them, oldest first. */
    meetings: () => meetings.list().map((meeting) => showZoomMeeting(zoom.apiUrl, meeting)),

    /** Sends one event, once; the answer, or null when nobody answered. */
    sendEvent: (event: EventToSend) => events.send(event),

    /** Sends `endpoint.url_validation`: whether the answer proves knowledge of the secret token. */
    validateEventUrl: (clientId: string): Promise<boolean> => events.validate(clientId),

    /** Resolves when no event or retry is under way. */
    settled: (): Promise<void> => events.settled(),
  };
}
