import { Router } from 'express';
import { findMissingMarketplace } from '../../commands/doctor/check-marketplace.ts';
import type { Core } from '../../core.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { reportClock } from './clock.ts';
import { reportLostKeys } from './lost-keys.ts';
import { noticeOrigin } from './origin.ts';
import { readyz } from './ready.ts';

/**
 * What the app finds out about itself for whoever runs it: whether it is ready for traffic, which keys and
 * marketplace values are missing, that its clock is off, and that a proxy is not trusted.
 */
export const health: Feature = { name: 'health', open };

function open(core: Core): FeatureParts {
  const probes = Router();
  probes.get('/readyz', readyz(core));
  let reported: Promise<unknown> = Promise.resolve();
  return {
    probes,
    endpoints: Router().use(noticeOrigin(core)),
    causes: (code, _service, { locals: { likelyCause } }) =>
      code === 'state_other_browser' && likelyCause ? [String(likelyCause)] : [],
    work: {
      start() {
        for (const variable of findMissingMarketplace(core.config.marketplace))
          core.log.warn({}, `${variable} has no value yet: Zendesk’s review looks for its header.`);
        reported = Promise.all([reportLostKeys(core), reportClock(core)]);
      },
      stop: async () => void (await reported),
    },
  };
}
