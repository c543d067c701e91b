import type { Feature } from '../feature.ts';
import { createRereads } from './reread.ts';

/** A webhook's secret that was changed at Zendesk is learned there, when a delivery comes with another key. */
export const changedSecrets: Feature = {
  name: 'changed-secrets',
  open: (core) => ({ refreshSecret: createRereads(core) }),
};
