import { createControl } from './control/control.ts';
import type { SandboxControl } from './control/control.ts';
import { createSandboxApp } from './create-sandbox-app.ts';
import { createConsents } from './oauth/create-consents.ts';
import { services as allServices } from './services.ts';
import type { ControlOf, RegistrarOf, Service } from './services/service.ts';
import { createSnapshotWriter, restore } from './state/snapshot.ts';
import { openByName } from './web/hosts-by-name.ts';
import type { ByName } from './web/hosts-by-name.ts';
import { openServer } from './web/open-server.ts';
import { createWorld } from './create-world.ts';
import type { ClientRegistrar } from './create-world.ts';
import type { Stage } from './stage.ts';
import { LOCAL_LIMITS } from './world-limits.ts';

export interface SandboxOptions<Services extends readonly Service[] = typeof allServices> {
  /** 0: any free port. */
  port: number;
  /** Default: this machine alone. */
  host?: string | undefined;
  /** How browsers and bots reach it; default http://localhost:{port}, or the host's name. */
  publicUrl?: string | undefined;
  /** Also answers https://{subdomain}.{domain}/sc by these names, for bots that build such addresses. */
  tls?: {
    /** 0: any free port. */
    port: number;
    /** Where the certificate is kept that bots have to trust. */
    certificateFile: string;
  };
  /** The site that may show pages in a frame; default: none. */
  framedBy?: string;
  /** What stands beside Zendesk; default: all there is. */
  services?: Services;
  /** Keeps the state over a restart; absent: memory only. */
  snapshotFile?: string;
  /** Multiplies the documented waits between delivery attempts; default 1. */
  timeScale?: number;
  /** A conversation with so many messages is locked; default 30 000, as documented. */
  messageLimit?: number;
  log?: (line: string) => void;
  /** Keeps every call in `calls` of `control`, and of each service in it; default: the newest thousand. */
  record?: boolean;
}

export type Sandbox<Services extends readonly Service[] = typeof allServices> = ClientRegistrar &
  Stage &
  RegistrarOf<Services> & {
    /** Without a trailing slash. */
    url: string;
    /** With `tls`: the domain, with its port, below which Zendesk's hosts have their names, and whom to trust. */
    byName: ByName | undefined;
    control: SandboxControl & ControlOf<Services>;
    /** Shows the bot's developer a text in every chat; undefined: no more. */
    showDeveloper(notice: string | undefined): void;
    /** Stops deliveries and sockets and writes the snapshot. */
    close(): Promise<void>;
  };

/** Starts the stand-in for Zendesk and the services beside it. A busy port rejects with EADDRINUSE. */
export async function startSandbox<Services extends readonly Service[] = typeof allServices>(
  options: SandboxOptions<Services>,
): Promise<Sandbox<Services>> {
  const { snapshotFile, timeScale = 1, log = () => {}, record = false } = options;
  const { messageLimit = LOCAL_LIMITS.messagesPerConversation } = options;
  const opened = await openServer(options.port, options.host ?? 'localhost');
  const url = options.publicUrl?.replace(/\/$/, '') ?? opened.url;
  const byName = options.tls && (await openByName(opened, url, options.tls));
  const consents = createConsents();
  const build = (snapshot?: unknown) =>
    createWorld({
      consents,
      services: options.services ?? allServices,
      worldSuffix: '',
      snapshot,
      url,
      limits: {
        ...LOCAL_LIMITS,
        messagesPerConversation: messageLimit,
        ...(record && { calls: Infinity }),
      },
      mayCall: () => true,
      timeScale,
      log,
      now: Date.now,
    });
  const world = snapshotFile === undefined ? build() : await restore(snapshotFile, build, log);
  const { changes, toSnapshot } = world;
  opened.answer(
    createSandboxApp({ world, log, url, byName, framedBy: options.framedBy, isPublicDemo: false }),
  );
  const writer =
    snapshotFile === undefined
      ? undefined
      : createSnapshotWriter({ file: snapshotFile, toSnapshot, changes, log });
  const controls = [...world.services].map(([{ name }, { control }]) => [name, control]);
  const control = { ...createControl(world), ...Object.fromEntries(controls) };

  // What was opened is what the list says; the compiler cannot follow it through the loop.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return {
    ...world.registrar,
    url,
    byName,
    control,
    allowUnasked: (state, account) => consents.give(state, account),
    findFaults: () => Promise.resolve(world.platform.faults),
    showGuide: async (_account, guide) => world.platform.showGuide(guide),
    showDeveloper: (notice) => world.platform.showDeveloper(notice),
    async close() {
      world.stop();
      await opened.close();
      await writer?.close();
    },
  } as Sandbox<Services>;
}
