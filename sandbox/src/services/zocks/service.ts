import type { RequestHandler } from 'express';
import type { Service, WorldParts } from '../service.ts';
import { createZocks, zocksOperations } from './create-zocks.ts';
import type { Zocks } from './create-zocks.ts';
import { describeServer } from './discovery.ts';
import { createZocksFace } from './zocks-face.ts';
import {
  createZocksState,
  toZocksSnapshot,
  zocksAppInputSchema,
  zocksSnapshotSchema,
} from './zocks-state.ts';
import type { ZocksAppInput } from './zocks-state.ts';

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
  describeServer,
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

/** What people and Zocks itself do, for tests. */
function createZocksControl({ tokens, calls, people }: Zocks) {
  const users = people.listActive();
  return {
    /** The first is a member of the account that has the registered apps. */
    users,
    /** The newest calls to Zocks; all of them, when the sandbox was started with `record`. */
    calls: calls.all,
    /** Who has allowed which app. */
    grants: () => users.flatMap(({ id }) => tokens.grantsOf(id)),
    /** All access tokens stop working; refresh tokens live on. */
    expireAccessTokens: (): void => tokens.expireAccessTokens(),
    /** The user is deactivated at Zocks: all tokens die and nobody is told. */
    deactivateUser(userId: string): void {
      const person = people.find(userId);
      if (!person) throw new Error(`The sandbox knows no such person ${userId}`);
      people.deactivate(person);
    },
  };
}
