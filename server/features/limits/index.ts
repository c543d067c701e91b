import type { Core } from '../../core.ts';
import { repeat } from '../../timers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { AccountLimitedError, judgeLimit } from './limited.ts';
import { createPauses } from './pauses.ts';
import { createQueueLimit } from './room.ts';
import { limitsMigration, mayBegin } from './schema.ts';

/** How often accounts are looked for whose pause is over. */
const LOOK_EVERY_MS = 500;

/** What an account may ask of us, so that others get their share, and what Zendesk lets us ask of it. */
export const limits: Feature = {
  name: 'limits',
  migrations: { '0001-initial': limitsMigration },
  mayBegin,
  open,
};

function open(core: Core): FeatureParts {
  const pauses = createPauses(core);
  let end = () => {};
  return {
    hasRoom: createQueueLimit(core),
    watchCalls: ({ id }, call) => pauses.watch(id, call),
    judge: (event, error) =>
      error instanceof AccountLimitedError ? judgeLimit(event, error, core.now()) : undefined,
    observer: { attempt: pauses.attempt },
    work: {
      async start() {
        await pauses.look();
        end = repeat(pauses.look, LOOK_EVERY_MS);
      },
      stop: async () => end(),
    },
  };
}
