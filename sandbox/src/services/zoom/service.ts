import type { RequestHandler } from 'express';
import type { Service, WorldParts } from '../service.ts';
import { createZoomControl } from './create-zoom-control.ts';
import { createZoom, zoomOperations } from './create-zoom.ts';
import { ZOOM_ACCOUNT_ID } from './users.ts';
import { createZoomFace } from './zoom-routes.ts';
import { createZoomState, toZoomSnapshot, zoomSnapshotSchema } from './zoom-state.ts';
import type { ZoomGeneralAppInput, ZoomServerAppInput } from './zoom-state.ts';

/** Zoom: OAuth, meetings and events as at zoom.us, for the apps that programs register. */
export const zoom = {
  name: 'zoom',
  title: 'Zoom',
  operations: zoomOperations,
  api: { path: 'v2', word: (code: number, message: string) => ({ code, message }) },
  open(parts: WorldParts, saved: unknown) {
    const state = createZoomState(zoomSnapshotSchema.optional().parse(saved));
    const opened = createZoom({ ...parts, state });
    const { apps, events } = opened;
    /** Each world has its own. */
    const name = <App extends { clientId: string }>(app: App) => ({
      ...app,
      clientId: `${app.clientId}${parts.worldSuffix}`,
    });
    return {
      createRoutes: (forms: RequestHandler[]) => createZoomFace({ zoom: opened, forms }),
      toSnapshot: () => toZoomSnapshot(state),
      registrar: {
        /** The account of Server-to-Server apps. */
        zoomAccountId: ZOOM_ACCOUNT_ID,
        /** Adds the General app, or replaces the one of the same id, which has to contain - and _. */
        registerZoomApp: (app: ZoomGeneralAppInput): void => apps.registerGeneral(name(app)),
        /** As `registerZoomApp`, for a Server-to-Server OAuth app of the sandbox's Zoom account. */
        registerZoomServerApp: (app: ZoomServerAppInput): void => apps.registerServer(name(app)),
      },
      control: createZoomControl(opened),
      stop: () => events.stop(),
    };
  },
} as const satisfies Service;
