import { createSandboxApp } from '../create-sandbox-app.ts';
import { createAppCache } from './create-app-cache.ts';
import { createDemoApp } from './create-demo-app.ts';
import { createRateLimit } from './create-rate-limit.ts';
import { createWorlds } from './create-worlds.ts';
import { DEMO_WORLD_LIMITS, HOUR_MS, KEPT_APPS, VISITOR_LIMITS } from './demo-limits.ts';
import type { VisitorLimits } from './demo-limits.ts';
import { tellPartners } from './tell-partners.ts';
import { createWorldFiles } from './world-files.ts';
import { toMark } from './world-key.ts';
import type { Snapshot } from '../state/records.ts';
import { openServer } from '../web/open-server.ts';
import { createWorld } from '../world/create-world.ts';
import type { Registrar, World } from '../world/create-world.ts';
import { ZOOM_ACCOUNT_ID } from '../services/zoom/predefined-users.ts';

export interface PublicDemoOptions {
  /** 0: any free port. */
  port: number;
  /** Default: every interface. */
  host?: string | undefined;
  /** How browsers and bots reach it; default http://localhost:{port}. */
  publicUrl?: string | undefined;
  /** The bot's origin: the only one this process ever calls. */
  botUrl: string;
  /** Keeps the worlds over a restart. */
  folder: string;
  /** Express's `trust proxy`: decides whose address counts. */
  trustProxy: boolean | number | string;
  /** Under what an address counts for the limits; the app's, so that both count alike. */
  clientKey: (ip: string | undefined) => string;
  log: (line: string) => void;
  /** Each overrides the default. */
  limits?: Partial<VisitorLimits>;
  now?: () => number;
  /** How often to look for worlds that have ended. */
  sweepEveryMs?: number;
}

export interface PublicDemo extends Registrar {
  /** Without a trailing slash. */
  url: string;
  /** The account of Zoom's Server-to-Server apps. */
  zoomAccountId: string;
  /** Stops deliveries and sockets and writes every world down. */
  close(): Promise<void>;
}

/** Starts the stand-in with a world of its own for each visitor. A busy port rejects with EADDRINUSE. */
export async function startPublicDemo(options: PublicDemoOptions): Promise<PublicDemo> {
  const { botUrl, log, now = Date.now, sweepEveryMs = 60_000 } = options;
  const limits = { ...VISITOR_LIMITS, ...options.limits };
  const opened = await openServer(options.port, options.host);
  const url = options.publicUrl ?? opened.url;
  const botOrigin = new URL(botUrl).origin;
  const mayCall = (target: string) => URL.canParse(target) && new URL(target).origin === botOrigin;
  const registrations: ((registrar: Registrar) => void)[] = [];
  const removeUrls: string[] = [];

  function build(mark: string, snapshot?: Snapshot) {
    const settings = { url, limits: DEMO_WORLD_LIMITS, mayCall, timeScale: 1, record: false };
    const world = createWorld({ ...settings, mark, snapshot, log, now });
    for (const register of registrations) register(world.registrar);
    return world;
  }

  const buildApp = (world: World) => createSandboxApp({ world, log, url, isPublicDemo: true });
  const apps = createAppCache({ build: buildApp, kept: KEPT_APPS });
  const worlds = createWorlds({
    files: createWorldFiles(options.folder),
    build: (worldId, snapshot) => build(toMark(worldId), snapshot),
    tellPartners: (worldId) => tellPartners(removeUrls, worldId),
    onEnd: (world) => apps.drop(world),
    limits,
    now,
    log,
  });
  await worlds.restore();
  const nobody = build('');
  const perMinute = (limit: number) => createRateLimit({ limit, windowMs: 60_000, now });
  const rates = {
    newWorlds: createRateLimit({ limit: limits.newWorldsAnHour, windowMs: HOUR_MS, now }),
    forms: perMinute(limits.formsAMinute),
    calls: perMinute(limits.callsAMinute),
  };
  const { trustProxy, clientKey } = options;
  const app = createDemoApp({
    worlds,
    apps,
    nobody: buildApp(nobody),
    limits,
    rates,
    url,
    botUrl,
    trustProxy,
    clientKey,
    log,
  });
  opened.server.on('request', app);

  let sweeping = Promise.resolve();
  const sweeps = setInterval(() => {
    for (const rate of Object.values(rates)) rate.sweep();
    sweeping = sweeping
      .then(() => worlds.sweep())
      .catch((error: unknown) => log(`the demo could not tidy up: ${String(error)}`));
  }, sweepEveryMs);

  /** For every world made from now on. */
  const register = (registration: (registrar: Registrar) => void) => {
    registrations.push(registration);
  };

  return {
    url,
    zoomAccountId: ZOOM_ACCOUNT_ID,
    registerClient(client) {
      if (client.removeUrl !== undefined) removeUrls.push(client.removeUrl);
      nobody.registrar.registerClient(client);
      register((registrar) => registrar.registerClient(client));
    },
    registerZoomApp: (given) => register((registrar) => registrar.registerZoomApp(given)),
    registerZoomServerApp: (given) =>
      register((registrar) => registrar.registerZoomServerApp(given)),
    registerZocksApp: (given) => register((registrar) => registrar.registerZocksApp(given)),
    async close() {
      clearInterval(sweeps);
      await opened.close();
      await sweeping;
      await worlds.close();
    },
  };
}
