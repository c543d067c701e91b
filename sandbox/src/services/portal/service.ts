import type { RequestHandler } from 'express';
import type { Service, WorldParts } from '../service.ts';
import { zocks } from '../zocks/service.ts';
import { createPortal } from './create-portal.ts';
import { createPortalRoutes } from './pages/portal-routes.ts';
import { createPortalState, portalSnapshotSchema, toPortalSnapshot } from './portal-state.ts';

/** The Apps portal of Zocks, which manages marketplace bots of Zendesk, too. */
export const portal = {
  name: 'portal',
  title: 'Apps portal',
  card: 'portal/card',
  operations: [],
  open(parts: WorldParts, saved: unknown) {
    const state = createPortalState(portalSnapshotSchema.optional().parse(saved));
    const opened = createPortal({ state, zocks: parts.find(zocks), zendesk: parts.platform });
    return {
      createRoutes: (forms: RequestHandler[]) => createPortalRoutes(opened, forms),
      toSnapshot: () => toPortalSnapshot(state),
      registrar: {},
      control: {},
      showCard: () => ({ apps: opened.apps.list() }),
    };
  },
} as const satisfies Service;
