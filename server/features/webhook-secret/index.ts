import type { Feature } from '../feature.ts';
import { createRereads } from './reread.ts';

/** A webhook's secret that was changed at Zendesk is learned there, when a delivery comes with another key. */
export const webhookSecret: Feature = {
  name: 'webhook-secret',
  open: (core) => ({ refreshSecret: createRereads(core) }),
};
