import { once } from 'node:events';
import { createServer } from 'node:http';
import { createControl } from './control.ts';
import type { SandboxControl } from './control.ts';
import { createSandboxApp } from './create-sandbox-app.ts';
import { createFaults } from './faults/create-faults.ts';
import { createPlatform } from './platform/create-platform.ts';
import { createChanges } from './state/changes.ts';
import { oauthClientSchema } from './state/records.ts';
import type { OAuthClient } from './state/records.ts';
import { createSnapshotWriter, readSnapshot } from './state/snapshot.ts';
import { createState } from './state/state.ts';
import { createCalls } from './zendesk/create-calls.ts';

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
  /** Keeps every API call in `control.calls`; default false. */
  record?: boolean;
}

export interface Sandbox {
  /** Without a trailing slash. */
  url: string;
  /** Adds the client, or replaces the one of the same id. */
  registerClient(client: OAuthClient): void;
  control: SandboxControl;
  /** Stops deliveries and sockets and writes the snapshot. */
  close(): Promise<void>;
}

/** Starts the stand-in for Zendesk. A busy port rejects with EADDRINUSE. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, snapshotFile, timeScale = 1, messageLimit = 30_000 } = options;
  const { log = () => {}, record = false } = options;
  const server = createServer();
  server.listen(port);
  await once(server, 'listening');
  const address = server.address();
  const actualPort = typeof address === 'object' ? address?.port : port;
  const url = options.publicUrl?.replace(/\/$/, '') ?? `http://localhost:${actualPort}`;

  const state = createState(snapshotFile ? await readSnapshot(snapshotFile, log) : undefined);
  const changes = createChanges();
  const faults = createFaults();
  const platform = createPlatform({ state, changes, faults, log, timeScale, messageLimit });
  const calls = createCalls({ record });
  const app = createSandboxApp({ platform, calls, log, url });
  server.on('request', app);
  const snapshot = snapshotFile
    ? createSnapshotWriter({ file: snapshotFile, state, changes, log })
    : undefined;

  return {
    url,
    registerClient(client) {
      state.clients.set(client.clientId, oauthClientSchema.parse(client));
      changes.announce({});
    },
    control: createControl({ platform, calls }),
    async close() {
      platform.deliveries.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await snapshot?.close();
    },
  };
}
