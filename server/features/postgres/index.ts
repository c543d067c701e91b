import type { Feature } from '../feature.ts';
import { findAddressProblems } from './url.ts';

/** For any number of instances, pooled or not: what DATABASE_URL leads to. */
export const postgres: Feature = {
  name: 'postgres',
  // Its variables are the core's, which has to know where everything is kept.
  environment: { variables: {}, findProblems: findAddressProblems },
  engine: {
    hasAddress: true,
    async open(place, warn) {
      const { openPostgres } = await import('./open.ts');
      return openPostgres(place, warn);
    },
    async commands() {
      const { commands } = await import('./commands.ts');
      return commands;
    },
  },
};
