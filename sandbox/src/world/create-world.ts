import { createFaults } from '../faults/create-faults.ts';
import type { ZendeskOperation } from '../faults/fault.ts';
import { createTokens } from '../oauth/create-tokens.ts';
import { createCalls } from '../operations/create-calls.ts';
import { createPlatform } from '../platform/create-platform.ts';
import { createPortal } from '../services/portal/create-portal.ts';
import {
  oauthClientSchema,
  toBotApp,
  toZocksApp,
  zocksAppSchema,
} from '../services/portal/registered-apps.ts';
import type { OAuthClient, ZocksApp } from '../services/portal/registered-apps.ts';
import { createChanges } from '../state/changes.ts';
import type { Snapshot } from '../state/records.ts';
import { createState } from '../state/state.ts';
import { createAttachments } from '../zendesk/create-attachments.ts';
import { createHeaderCheck } from '../zendesk/create-header-check.ts';
import { createZocks } from '../services/zocks/create-zocks.ts';
import { createZoom } from '../services/zoom/create-zoom.ts';
import type { ZoomGeneralAppInput, ZoomServerAppInput } from '../services/zoom/records.ts';
import type { WorldLimits } from './limits.ts';

interface WorldOptions {
  /** Ends every name and credential the world gives out; empty where there is one world only. */
  mark: string;
  snapshot?: Snapshot | undefined;
  /** Where the sandbox is. */
  url: string;
  limits: WorldLimits;
  /** Whether this process may send requests to an address that people have entered. */
  mayCall: (url: string) => boolean;
  /** Multiplies the documented waits between delivery attempts. */
  timeScale: number;
  /** Keeps every call. */
  record: boolean;
  log: (line: string) => void;
  now: () => number;
}

/** How a program makes its apps known, as their makers would in the portals. */
export interface Registrar {
  /** Adds the client to the Apps portal, enabled, or replaces the one of the same id. */
  registerClient(client: OAuthClient): void;
  /** Adds the General app, or replaces the one of the same id, which has to contain - and _. */
  registerZoomApp(app: ZoomGeneralAppInput): void;
  /** As `registerZoomApp`, for a Server-to-Server OAuth app of the sandbox's Zoom account. */
  registerZoomServerApp(app: ZoomServerAppInput): void;
  /** As `registerClient`, for an app of Zocks. */
  registerZocksApp(app: ZocksApp): void;
}

export type World = ReturnType<typeof createWorld>;

/** A whole Zendesk, Zoom and Zocks with their accounts, people and apps. Two worlds share nothing. */
export function createWorld(options: WorldOptions) {
  const { mark, url, limits, mayCall, log, timeScale, record, now } = options;
  const state = createState(options.snapshot, mark);
  const changes = createChanges();
  const faults = createFaults({ limits, now });
  const shared = { changes, faults, log, timeScale, limits, mayCall, mark };
  const platform = createPlatform({ ...shared, state });
  const zoom = createZoom({ ...shared, state: state.zoom, record, url });
  const tokens = createTokens({
    state: state.zocks.tokens,
    announce: () => changes.announce({ face: 'zocks' }),
    mark,
  });
  const portal = createPortal({
    state: state.portal,
    changes,
    tokens,
    installations: platform.installations,
    limits,
    mark,
    isSecure: url.startsWith('https:'),
  });

  const registrar: Registrar = {
    registerClient(client) {
      portal.apps.register(toBotApp(oauthClientSchema.parse(client)), client.clientSecret);
    },
    registerZoomApp: (app) =>
      zoom.apps.registerGeneral({ ...app, clientId: `${app.clientId}${mark}` }),
    registerZoomServerApp: (app) =>
      zoom.apps.registerServer({ ...app, clientId: `${app.clientId}${mark}` }),
    registerZocksApp(app) {
      const own = zocksAppSchema.parse({ ...app, clientId: `${app.clientId}${mark}` });
      portal.apps.register(toZocksApp(own), own.clientSecret);
    },
  };

  return {
    state,
    changes,
    platform,
    portal,
    zoom,
    zocks: createZocks({ portal, tokens, faults, record, mark }),
    calls: createCalls<ZendeskOperation>({ record }),
    headerCheck: createHeaderCheck(),
    attachments: createAttachments({ kept: limits.attachments }),
    registrar,
    /** Sends nothing any more. */
    stop(): void {
      platform.deliveries.stop();
      zoom.events.stop();
    },
  };
}
