import { randomBytes } from 'node:crypto';
import express, { Router } from 'express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { createAuthorizeRoutes } from '../../oauth/authorize-routes.ts';
import { refuseDeepJson } from '../../web/guards.ts';
import { createZoomMeetingRoutes, createZoomUserRoutes } from './api-routes.ts';
import { createZoomOperations } from './create-zoom-operations.ts';
import type { Zoom } from './create-zoom.ts';
import { createZoomOAuthRoutes } from './oauth-routes.ts';
import { createZoomPageRoutes } from './page-routes.ts';
import { zoomUsers } from './users.ts';

interface ZoomFaceOptions {
  zoom: Zoom;
  /** What a page's forms pass through. */
  forms: RequestHandler[];
}

/** All of Zoom: consent, API and the page that shows what goes on. */
export function createZoomFace({ zoom, forms }: ZoomFaceOptions) {
  const router = Router();
  const authorize = createAuthorizeRoutes({
    service: 'Zoom',
    view: 'zoom/consent',
    findApp(clientId) {
      const app = zoom.apps.findGeneral(clientId);
      const refusal = app?.isActive === false ? `${app.name} has been disabled.` : undefined;
      return app && { ...app, refusal };
    },
    listUsers: () => zoomUsers,
    codes: zoom.codes,
  });
  router.use('/oauth/authorize', forms, authorize);
  router.use(createZoomApi(zoom));
  router.use(forms, createZoomPageRoutes(zoom));
  return router;
}

/** What apps call: `/oauth` as at zoom.us, `/v2` as at api.zoom.us. */
function createZoomApi(zoom: Zoom) {
  const operations = createZoomOperations(zoom);
  const router = Router();
  router.use('/oauth', createZoomOAuthRoutes({ zoom, operations }));
  router.use('/v2', addTrackingId(), express.json({ verify: refuseDeepJson }));
  router.use('/v2/users', createZoomUserRoutes(operations));
  router.use('/v2', createZoomMeetingRoutes({ zoom, operations }));
  router.use('/v2', answerUnknownEndpoint(), answerBadJson());
  return router;
}

function addTrackingId(): RequestHandler {
  return (_request, response, next) => {
    response.set('x-zm-trackingid', `WEB_${randomBytes(16).toString('hex')}`);
    next();
  };
}

function answerUnknownEndpoint(): RequestHandler {
  return (_request, response) => {
    response.status(404).json({ code: 2300, message: 'This API endpoint is not recognized.' });
  };
}

/** The body parser is the only one to throw here before an operation runs. */
function answerBadJson(): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (error instanceof SyntaxError) {
      const message = 'Request Body should be a valid JSON object.';
      response.status(400).json({ code: 300, message });
    } else {
      next(error);
    }
  };
}
