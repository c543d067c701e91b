import { randomBytes } from 'node:crypto';
import express, { Router } from 'express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Zoom } from './create-zoom.ts';
import { createZoomOperations } from './create-zoom-operations.ts';
import { createZoomMeetingRoutes } from './meeting-routes.ts';
import { createZoomOAuthRoutes } from './oauth-routes.ts';
import { createZoomUserRoutes } from './user-routes.ts';
import { refuseDeepJson } from '../../web/refuse-deep-json.ts';

/** What apps call: `/oauth` as at zoom.us, `/v2` as at api.zoom.us. */
export function createZoomApi(zoom: Zoom) {
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
