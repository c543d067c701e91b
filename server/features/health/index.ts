import { Router } from 'express';
import type { Core } from '../../core.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { reportLostKeys } from './lost-keys.ts';
import { noticeOrigin } from './origin.ts';
import { readyz } from './ready.ts';

/**
 * What the app finds out about itself for whoever runs it: whether it is ready for traffic, which keys are
 * missing, and that a proxy is not trusted.
 */
export const health: Feature = { name: 'health', open };

function open(core: Core): FeatureParts {
  const probes = Router();
  probes.get('/readyz', readyz(core));
  let reported = Promise.resolve();
  return {
    probes,
    endpoints: Router().use(noticeOrigin(core)),
    causes: (code, _service, { locals: { likelyCause } }) =>
      code === 'state_other_browser' && likelyCause ? [String(likelyCause)] : [],
    work: {
      start: () => void (reported = reportLostKeys(core)),
      stop: () => reported,
    },
  };
}
