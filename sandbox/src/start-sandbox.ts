import { createControl } from './control.ts';
import type { SandboxControl } from './control.ts';
import { createSandboxApp } from './create-sandbox-app.ts';
import { createSnapshotWriter, readSnapshot } from './state/snapshot.ts';
import { openServer } from './web/open-server.ts';
import { createWorld } from './world/create-world.ts';
import type { Registrar } from './world/create-world.ts';
import { LOCAL_LIMITS } from './world/limits.ts';
import { ZOOM_ACCOUNT_ID } from './services/zoom/predefined-users.ts';

export interface SandboxOptions {
  /** 0: any free port. */
  port: number;
  /** Default: this machine alone. */
  host?: string | undefined;
  /** How browsers and bots reach it; default http://localhost:{port}, or the host's name. */
  publicUrl?: string | undefined;
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

export interface Sandbox extends Registrar {
  /** Without a trailing slash. */
  url: string;
  /** The account of Zoom's Server-to-Server apps. */
  zoomAccountId: string;
  control: SandboxControl;
  /** Stops deliveries and sockets and writes the snapshot. */
  close(): Promise<void>;
}

/** Starts the stand-in for Zendesk, Zoom and Zocks. A busy port rejects with EADDRINUSE. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { snapshotFile, timeScale = 1, log = () => {}, record = false } = options;
  const { messageLimit = LOCAL_LIMITS.messagesPerConversation } = options;
  const snapshot = snapshotFile ? await readSnapshot(snapshotFile, log) : undefined;
  const opened = await openServer(options.port, options.host ?? 'localhost');
  const url = options.publicUrl?.replace(/\/$/, '') ?? opened.url;
  const limits = { ...LOCAL_LIMITS, messagesPerConversation: messageLimit };
  const world = createWorld({
    mark: '',
    snapshot,
    url,
    limits,
    mayCall: () => true,
    timeScale,
    record,
    log,
    now: Date.now,
  });
  const { state, changes } = world;
  opened.server.on('request', createSandboxApp({ world, log, url, isPublicDemo: false }));
  const writer = snapshotFile
    ? createSnapshotWriter({ file: snapshotFile, state, changes, log })
    : undefined;

  return {
    ...world.registrar,
    url,
    zoomAccountId: ZOOM_ACCOUNT_ID,
    control: createControl(world),
    async close() {
      world.stop();
      await opened.close();
      await writer?.close();
    },
  };
}
