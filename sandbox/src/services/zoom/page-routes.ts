import { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import { Refused } from '../../refused.ts';
import { streamChanges } from '../../web/stream-changes.ts';
import type { Zoom } from './create-zoom.ts';
import { MEETINGS_A_DAY } from './errors.ts';
import { showZoomMeeting } from './meeting-shapes.ts';
import { ZOOM_ACCOUNT_ID, zoomUsers } from './users.ts';
import type { ZoomUser } from './users.ts';
import type { ZoomApp } from './zoom-state.ts';

const countSchema = z.object({
  user: z.enum(zoomUsers.map(({ id }) => id)),
  count: z.coerce.number().int().min(0).max(MEETINGS_A_DAY),
});
const activeSchema = z.object({ active: z.stringbool() });

/** The page that shows what goes on in Zoom, and the pages its meetings' links lead to. */
export function createZoomPageRoutes(zoom: Zoom) {
  const { apps, tokens, authorizations, meetings, events, changes } = zoom;
  const router = Router();

  function findApp({ params }: Request) {
    const app = apps.find(String(params['clientId']));
    if (!app) throw new Refused(404, 'Zoom has no such app.');
    return app;
  }

  router.get('/', (request, response) => {
    response.render('zoom/zoom', { ...showZoomPage(zoom), proof: request.query['proof'] });
  });

  router.get('/changes', (request, response) => {
    streamChanges(changes, ({ service }) => service === 'zoom', request, response);
  });

  router.post('/apps/:clientId/active', (request, response) => {
    const { active } = readForm(activeSchema, request.body);
    apps.setActive(findApp(request), active);
    response.redirect(303, '/zoom');
  });

  router.post('/apps/:clientId/validate', async (request, response) => {
    const isProved = await events.validate(findApp(request).clientId);
    response.redirect(303, `/zoom?proof=${isProved ? 'right' : 'wrong'}`);
  });

  router.post('/apps/:clientId/users/:userId/remove', (request, response) => {
    const { clientId } = findApp(request);
    const grant = tokens.grantsOf(request.params.userId).find((one) => one.clientId === clientId);
    if (!grant) throw new Refused(404, 'This user has no such app.');
    authorizations.remove(grant);
    response.redirect(303, '/zoom');
  });

  router.post('/meetings-today', (request, response) => {
    const { user, count } = readForm(countSchema, request.body);
    meetings.setCountToday(user, count);
    response.redirect(303, '/zoom');
  });

  router.get(['/j/:meetingId', '/s/:meetingId'], (request, response) => {
    const meeting = meetings.find(String(request.params['meetingId']));
    if (!meeting) throw new Refused(404, 'Zoom has no such meeting.');
    const host = zoomUsers.find(({ id }) => id === meeting.hostId);
    response.render('zoom/meeting', { meeting, host: host && nameOf(host) });
  });

  return router;
}

function readForm<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refused(400, `${issue?.path.join('.')}: ${issue?.message}`);
}

/** What the Zoom page shows: apps with their credentials, who has them, and today's meetings. */
function showZoomPage(zoom: Zoom) {
  const { apps, tokens, meetings, apiUrl } = zoom;
  const grants = zoomUsers.flatMap((user) =>
    tokens.grantsOf(user.id).map((grant) => ({ ...grant, userName: nameOf(user) })),
  );
  return {
    accountId: ZOOM_ACCOUNT_ID,
    limit: MEETINGS_A_DAY,
    apps: apps.list().map((app) => ({
      ...app,
      credentials: listCredentials(app),
      grants: grants.filter(({ clientId }) => clientId === app.clientId),
    })),
    users: zoomUsers.map((user) => ({
      ...user,
      name: nameOf(user),
      meetingsToday: meetings.countToday(user.id),
    })),
    meetings: meetings
      .madeToday()
      .map((meeting) => showZoomMeeting(apiUrl, meeting))
      .toReversed(),
  };
}

export function nameOf({ firstName, lastName }: ZoomUser): string {
  return `${firstName} ${lastName}`;
}

function listCredentials(app: ZoomApp) {
  const pair = [
    { label: 'Client ID', value: app.clientId },
    { label: 'Client secret', value: app.clientSecret },
  ];
  if (app.kind === 'server-to-server') {
    return [{ label: 'Account ID', value: app.accountId }, ...pair];
  }
  return app.secretToken === undefined
    ? pair
    : [...pair, { label: 'Secret token', value: app.secretToken }];
}
