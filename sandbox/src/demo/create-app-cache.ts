import type { Express } from 'express';
import type { World } from '../create-world.ts';

interface AppCacheOptions {
  build: (world: World) => Express;
  kept: number;
}

export type AppCache = ReturnType<typeof createAppCache>;

/** The apps used last. A request that is under way keeps its app, whether it is here or not. */
export function createAppCache({ build, kept }: AppCacheOptions) {
  const apps = new Map<World, Express>();

  return {
    open(world: World): Express {
      const app = apps.get(world) ?? build(world);
      // A map remembers the order of insertion: the first is the one not used for longest.
      apps.delete(world);
      apps.set(world, app);
      const [oldest] = apps.keys();
      if (apps.size > kept && oldest) apps.delete(oldest);
      return app;
    },
    drop(world: World): void {
      apps.delete(world);
    },
  };
}
