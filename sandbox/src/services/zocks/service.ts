import type { RequestHandler } from 'express';
import type { Service, WorldParts } from '../service.ts';
import { createZocksControl } from './create-zocks-control.ts';
import { createZocks, zocksOperations } from './create-zocks.ts';
import { zocksAppInputSchema, zocksSnapshotSchema } from './records.ts';
import type { ZocksAppInput } from './records.ts';
import { createZocksFace } from './zocks-face.ts';
import { createZocksState, toZocksSnapshot } from './zocks-state.ts';

/** Zocks: accounts, their people, and the apps that these allow. */
export const zocks = {
  name: 'zocks',
  title: 'Zocks',
  operations: zocksOperations,
  api: {
    path: 'api',
    word: (status: number, sentence: string) => ({
      error: status >= 500 ? 'server_error' : 'invalid_request',
      error_description: sentence,
    }),
  },
  open(parts: WorldParts, saved: unknown) {
    const state = createZocksState(zocksSnapshotSchema.optional().parse(saved));
    const opened = createZocks(state, parts);
    const { apps } = opened;
    return {
      ...opened,
      createRoutes: (forms: RequestHandler[]) => createZocksFace({ zocks: opened, forms }),
      toSnapshot: () => toZocksSnapshot(state),
      registrar: {
        /** Adds the app, enabled, or replaces the one of the same id. */
        registerZocksApp(app: ZocksAppInput): void {
          const clientId = `${app.clientId}${parts.worldSuffix}`;
          apps.register(zocksAppInputSchema.parse({ ...app, clientId }));
        },
      },
      control: createZocksControl(opened),
      listUsage: () => [
        { name: 'Apps of your own', used: apps.countMade(), limit: parts.limits.apps },
      ],
    };
  },
} as const satisfies Service;
