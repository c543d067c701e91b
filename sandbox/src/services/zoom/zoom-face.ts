import { Router } from 'express';
import type { RequestHandler } from 'express';
import { createAuthorizeRoutes } from '../../oauth/authorize-routes.ts';
import type { Zoom } from './create-zoom.ts';
import { zoomUsers } from './predefined-users.ts';
import { createZoomApi } from './zoom-api.ts';
import { createZoomPageRoutes } from './zoom-page-routes.ts';

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
