import { createFaults } from './faults/create-faults.ts';
import type { Consents } from './oauth/create-consents.ts';
import { createCalls } from './operations.ts';
import { registerClient } from './platform/clients.ts';
import type { ClientInput } from './platform/clients.ts';
import { createPlatform } from './platform/create-platform.ts';
import { openServices } from './services/service.ts';
import type { Service } from './services/service.ts';
import { createChanges } from './state/changes.ts';
import { snapshotSchema } from './state/records.ts';
import { createState, toSnapshot } from './state/state.ts';
import { createHeaderCheck } from './zendesk/create-header-check.ts';
import { zendeskOperations } from './zendesk/operation-names.ts';
import type { ZendeskOperation } from './zendesk/operation-names.ts';
import type { WorldLimits } from './world-limits.ts';

interface WorldOptions {
  /** Those beside Zendesk. */
  services: readonly Service[];
  /** Ends every name and credential the world gives out; empty where there is one world only. */
  worldSuffix: string;
  /** What `toSnapshot` returned before a restart. */
  snapshot: unknown;
  /** Where the sandbox is. */
  url: string;
  limits: WorldLimits;
  /** Whether this process may send requests to an address that people have entered. */
  mayCall: (url: string) => boolean;
  /** What was allowed without a page, in all worlds. */
  consents: Consents;
  /** Multiplies the documented waits between delivery attempts. */
  timeScale: number;
  log: (line: string) => void;
  now: () => number;
}

/** How a program makes its bot known, as its maker would to Zendesk. */
export interface ClientRegistrar {
  /** Adds the client, enabled, or replaces the one of the same id. */
  registerClient(client: ClientInput): void;
}

export type World = ReturnType<typeof createWorld>;

/**
 * A whole Zendesk, and the services beside it, with their accounts, people and apps. Two worlds share nothing.
 * @throws a ZodError when the snapshot cannot be read.
 */
export function createWorld(options: WorldOptions) {
  const { worldSuffix, url, limits, mayCall, log, timeScale, now } = options;
  const saved = snapshotSchema.optional().parse(options.snapshot);
  const state = createState(saved, worldSuffix);
  const changes = createChanges();
  const operations = Object.fromEntries([
    ['Zendesk', zendeskOperations],
    ...options.services.map((service) => [service.title, service.operations]),
  ]);
  const faults = createFaults({ operations, limits, now });
  const shared = { changes, faults, log, timeScale, limits, mayCall, worldSuffix };
  const platform = createPlatform({ ...shared, state, url, consents: options.consents });
  const services = openServices(options.services, { ...shared, platform, url }, saved ?? {});
  const opened = [...services.values()];
  /** Zendesk's, and those of the services. */
  const registrar: ClientRegistrar & Record<string, unknown> = {
    registerClient: (client) => registerClient(platform, client),
  };
  for (const one of opened) Object.assign(registrar, one.registrar);

  return {
    state,
    changes,
    platform,
    services,
    calls: createCalls<ZendeskOperation>(limits.calls),
    headerCheck: createHeaderCheck(),
    registrar,
    toSnapshot: () => ({
      ...toSnapshot(state),
      ...Object.fromEntries([...services].map(([{ name }, one]) => [name, one.toSnapshot()])),
    }),
    /** Sends nothing any more. */
    stop(): void {
      platform.deliveries.stop();
      platform.typing.stopAll();
      for (const one of opened) one.stop?.();
    },
  };
}
