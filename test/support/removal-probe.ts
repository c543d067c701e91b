import { vi } from 'vitest';
import type { Core } from '../../server/core.ts';
import type { Feature, FeatureParts } from '../../server/features/feature.ts';

/** A feature that shows the core that it was opened with, and is told before an account is removed. */
export function createRemovalProbe() {
  const withdraw = vi.fn<NonNullable<FeatureParts['beforeRemoval']>>(async () => {});
  let core: Core | undefined;
  const probe: Feature = {
    name: 'probe',
    open(given) {
      core = given;
      return { beforeRemoval: withdraw };
    },
  };
  return {
    probe,
    withdraw,
    core: (): Core => {
      if (core === undefined) throw new Error('The app was not put together.');
      return core;
    },
  };
}
