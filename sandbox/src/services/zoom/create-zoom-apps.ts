import { ZOOM_ACCOUNT_ID } from './users.ts';
import { zoomAppSchema } from './zoom-state.ts';
import type {
  ZoomApp,
  ZoomGeneralApp,
  ZoomGeneralAppInput,
  ZoomServerAppInput,
  ZoomState,
} from './zoom-state.ts';

interface AppsOptions {
  state: ZoomState;
  announce: () => void;
}

export type ZoomApps = ReturnType<typeof createZoomApps>;

/** The applications of Zoom's marketplace: General apps and Server-to-Server OAuth apps. */
export function createZoomApps({ state: { apps }, announce }: AppsOptions) {
  function keep(app: ZoomApp) {
    apps.set(app.clientId, zoomAppSchema.parse(app));
    announce();
  }

  const isActive = (clientId: string) => apps.get(clientId)?.isActive ?? true;

  return {
    list: (): ZoomApp[] => [...apps.values()],

    find: (clientId: string): ZoomApp | undefined => apps.get(clientId),

    findGeneral(clientId: string): ZoomGeneralApp | undefined {
      const app = apps.get(clientId);
      return app?.kind === 'general' ? app : undefined;
    },

    /** Adds the app or replaces the one of the same client id, which stays deactivated if it was. */
    registerGeneral(app: ZoomGeneralAppInput): void {
      keep({ ...app, kind: 'general', isActive: isActive(app.clientId) });
    },

    /** As `registerGeneral`. Throws when the account is not the sandbox's. */
    registerServer(app: ZoomServerAppInput): void {
      if (app.accountId !== ZOOM_ACCOUNT_ID) {
        throw new Error(`The sandbox has one Zoom account, ${ZOOM_ACCOUNT_ID}`);
      }
      keep({ ...app, kind: 'server-to-server', isActive: isActive(app.clientId) });
    },

    /** While an app is deactivated it gets no tokens and those it has do not work. */
    setActive: (app: ZoomApp, active: boolean): void => keep({ ...app, isActive: active }),

    /** Tokens keep the scopes they were issued with. */
    setScopes: (app: ZoomApp, scopes: string[]): void => keep({ ...app, scopes }),
  };
}
