import { createSandboxApp } from '../create-sandbox-app.ts';
import { ANSWER_TIMEOUT_MS, postJson } from '../deliveries/call-bot.ts';
import { createConsents } from '../oauth/create-consents.ts';
import { services } from '../services.ts';
import type { RegistrarOf } from '../services/service.ts';
import { predefinedAccounts } from '../state/predefined-accounts.ts';
import { newId } from '../state/values.ts';
import { openServer } from '../web/open-server.ts';
import { createWorld } from '../create-world.ts';
import type { ClientRegistrar, World } from '../create-world.ts';
import { createAppCache } from './create-app-cache.ts';
import { createDemoApp } from './create-demo-app.ts';
import { createRateLimit } from './create-rate-limit.ts';
import { createWorlds } from './create-worlds.ts';
import { DEMO_WORLD_LIMITS, HOUR_MS, KEPT_APPS, VISITOR_LIMITS } from './demo-limits.ts';
import type { VisitorLimits } from './demo-limits.ts';
import { createWorldFiles } from './world-files.ts';
import type { Stage } from '../stage.ts';
import { readWorldId, toWorldSuffix } from './world-key.ts';

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

export type PublicDemo = ClientRegistrar &
  Stage &
  RegistrarOf<typeof services> & {
    /** Without a trailing slash. */
    url: string;
    /** Stops deliveries and sockets and writes every world down. */
    close(): Promise<void>;
  };

/** Starts the stand-in with a world of its own for each visitor. A busy port rejects with EADDRINUSE. */
export async function startPublicDemo(options: PublicDemoOptions): Promise<PublicDemo> {
  const { botUrl, log, now = Date.now, sweepEveryMs = 60_000 } = options;
  const limits = { ...VISITOR_LIMITS, ...options.limits };
  const opened = await openServer(options.port, options.host);
  const url = options.publicUrl ?? opened.url;
  const botOrigin = new URL(botUrl).origin;
  const mayCall = (target: string) => URL.canParse(target) && new URL(target).origin === botOrigin;
  /** For every world made from now on: which function of its registrar, and with what. */
  const registrations: { name: string; given: unknown }[] = [];
  const removeUrls: string[] = [];

  const consents = createConsents();
  function build(worldSuffix: string, snapshot?: unknown) {
    const settings = {
      url,
      limits: DEMO_WORLD_LIMITS,
      mayCall,
      timeScale: 1,
      consents,
    };
    const world = createWorld({ ...settings, services, worldSuffix, snapshot, log, now });
    for (const { name, given } of registrations) {
      const register = world.registrar[name];
      if (typeof register === 'function') register(given);
    }
    return world;
  }

  const buildApp = (world: World) =>
    createSandboxApp({ world, log, url, framedBy: botOrigin, isPublicDemo: true });
  const apps = createAppCache({ build: buildApp, kept: KEPT_APPS });
  const worlds = createWorlds({
    files: createWorldFiles(options.folder),
    build: (worldId, snapshot) => build(toWorldSuffix(worldId), snapshot),
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
  opened.answer(app);

  async function findPlatform(account: string) {
    const visitor = worlds.find(readWorldId(account) ?? '');
    return visitor && (await worlds.open(visitor)).world.platform;
  }

  let sweeping = Promise.resolve();
  const sweeps = setInterval(() => {
    for (const rate of Object.values(rates)) rate.sweep();
    sweeping = sweeping
      .then(() => worlds.sweep())
      .catch((error: unknown) => log(`the demo could not tidy up: ${String(error)}`));
  }, sweepEveryMs);

  const registrar = Object.entries(nobody.registrar).map(([name, one]) => [
    name,
    typeof one === 'function' ? (given: unknown) => void registrations.push({ name, given }) : one,
  ]);

  // The same functions as a world's registrar has; the compiler cannot follow them through the loop.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return {
    ...Object.fromEntries(registrar),
    url,
    allowUnasked: (state, account) => consents.give(state, account),
    findFaults: async (account) => (await findPlatform(account))?.faults,
    showGuide: async (account, guide) => (await findPlatform(account))?.showGuide(guide),
    registerClient(client) {
      if (client.removeUrl !== undefined) removeUrls.push(client.removeUrl);
      nobody.registrar.registerClient(client);
      registrations.push({ name: 'registerClient', given: client });
    },
    async close() {
      clearInterval(sweeps);
      await opened.close();
      await sweeping;
      await worlds.close();
    },
  } as PublicDemo;
}

/**
 * Calls the remove URLs for every account of a world that is gone, installed or not: its visitor may have
 * armed a fault that lost the callback, or changed the address. Who asks about the token then hears that
 * it is dead, and whoever never had one has nothing to do. False: somebody did not answer 200.
 */
export async function tellPartners(removeUrls: string[], worldId: string): Promise<boolean> {
  const calls = predefinedAccounts(toWorldSuffix(worldId)).flatMap(({ appId }) =>
    removeUrls.map((url) => {
      const body = JSON.stringify({ appId, integrationId: newId() });
      return postJson({ url, body, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    }),
  );
  return (await Promise.all(calls)).every((answer) => answer?.status === 200);
}
