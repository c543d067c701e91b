import { once } from 'node:events';
import { createServer } from 'node:http';
import { createControl } from './control.ts';
import type { SandboxControl } from './control.ts';
import { createSandboxApp } from './create-sandbox-app.ts';
import { createFaults } from './faults/create-faults.ts';
import type { ZendeskOperation } from './faults/fault.ts';
import { createCalls } from './operations/create-calls.ts';
import { createPlatform } from './platform/create-platform.ts';
import { createTokens } from './oauth/create-tokens.ts';
import { createPortal } from './portal/create-portal.ts';
import {
  oauthClientSchema,
  toBotApp,
  toZocksApp,
  zocksAppSchema,
} from './portal/registered-apps.ts';
import type { OAuthClient, ZocksApp } from './portal/registered-apps.ts';
import { createChanges } from './state/changes.ts';
import { createSnapshotWriter, readSnapshot } from './state/snapshot.ts';
import { createState } from './state/state.ts';
import { createZocks } from './zocks/create-zocks.ts';
import { createZoom } from './zoom/create-zoom.ts';
import { ZOOM_ACCOUNT_ID } from './zoom/predefined-users.ts';
import type { ZoomGeneralAppInput, ZoomServerAppInput } from './zoom/records.ts';

export interface SandboxOptions {
  /** 0: any free port. */
  port: number;
  /** How browsers and bots reach it; default http://localhost:{port}. */
  publicUrl?: string;
  /** Keeps the state over a restart; absent: memory only. */
  snapshotFile?: string;
  /** Multiplies the documented waits between delivery attempts; default 1. */
  timeScale?: number;
  /** A conversation with so many messages is locked; default 30 000, as documented. */
  messageLimit?: number;
  log?: (line: string) => void;
  /** Keeps every call in `calls` of `control`, `control.zoom` and `control.zocks`; default false. */
  record?: boolean;
}

export interface Sandbox {
  /** Without a trailing slash. */
  url: string;
  /** Adds the client to the Apps portal, enabled, or replaces the one of the same id. */
  registerClient(client: OAuthClient): void;
  /** The account of Zoom's Server-to-Server apps. */
  zoomAccountId: string;
  /** Adds the General app, or replaces the one of the same id, which has to contain - and _. */
  registerZoomApp(app: ZoomGeneralAppInput): void;
  /** As `registerZoomApp`, for a Server-to-Server OAuth app of `zoomAccountId`. */
  registerZoomServerApp(app: ZoomServerAppInput): void;
  /** As `registerClient`, for an app of Zocks. */
  registerZocksApp(app: ZocksApp): void;
  control: SandboxControl;
  /** Stops deliveries and sockets and writes the snapshot. */
  close(): Promise<void>;
}

/** Starts the stand-in for Zendesk, Zoom and Zocks. A busy port rejects with EADDRINUSE. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, snapshotFile, timeScale = 1, messageLimit = 30_000 } = options;
  const { log = () => {}, record = false } = options;
  const state = createState(snapshotFile ? await readSnapshot(snapshotFile, log) : undefined);
  const server = createServer();
  server.listen(port);
  await once(server, 'listening');
  const address = server.address();
  const actualPort = typeof address === 'object' ? address?.port : port;
  const url = options.publicUrl?.replace(/\/$/, '') ?? `http://localhost:${actualPort}`;

  const changes = createChanges();
  const faults = createFaults();
  const platform = createPlatform({ state, changes, faults, log, timeScale, messageLimit });
  const zoom = createZoom({ state: state.zoom, changes, faults, log, timeScale, record, url });
  const tokens = createTokens({
    state: state.zocks.tokens,
    announce: () => changes.announce({ face: 'zocks' }),
  });
  const { installations } = platform;
  const portal = createPortal({ state: state.portal, changes, tokens, installations });
  const zocks = createZocks({ portal, tokens, faults, record });
  const calls = createCalls<ZendeskOperation>({ record });
  const app = createSandboxApp({ platform, portal, zoom, zocks, calls, log, url });
  server.on('request', app);
  const snapshot = snapshotFile
    ? createSnapshotWriter({ file: snapshotFile, state, changes, log })
    : undefined;

  return {
    url,
    registerClient(client) {
      portal.apps.register(toBotApp(oauthClientSchema.parse(client)), client.clientSecret);
    },
    zoomAccountId: ZOOM_ACCOUNT_ID,
    registerZoomApp: (registered) => zoom.apps.registerGeneral(registered),
    registerZoomServerApp: (registered) => zoom.apps.registerServer(registered),
    registerZocksApp(registered) {
      portal.apps.register(toZocksApp(zocksAppSchema.parse(registered)), registered.clientSecret);
    },
    control: createControl({ platform, zoom, zocks, calls }),
    async close() {
      platform.deliveries.stop();
      zoom.events.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await snapshot?.close();
    },
  };
}
