import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '../../core.ts';
import { reconcileWebhook, webhookTarget } from '../../installations/webhook/reconcile.ts';
import type { Feature } from '../feature.ts';

/** Before webhooks that could not be moved are tried again, and twice as long each time up to an hour. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/** After PUBLIC_URL changed, for example to a new tunnel, every webhook follows. */
export const moves: Feature = {
  name: 'moves',
  open: (core) => ({
    work: {
      // No customer waits for it; those that a stop leaves over are moved at the next start.
      start: () => void moveWebhooks(core),
      stop: async () => {},
    },
  }),
};

/** Resolves when each was tried; what could not be moved is tried again by itself. */
export async function moveWebhooks(core: Core, pauseMs = FIRST_PAUSE_MS): Promise<void> {
  const left = await tryToMove(core);
  if (left?.size !== 0) void moveAgain(core, left, pauseMs);
}

/** Undefined: all. */
type Left = ReadonlySet<string> | undefined;

async function moveAgain(core: Core, all: Left, firstPauseMs: number) {
  let left = all;
  for (let ms = firstPauseMs; left?.size !== 0; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
    await sleep(ms, undefined, { ref: false });
    if (!core.isReady()) return;
    left = await tryToMove(core, left);
  }
}

/** Without the database, for one, they are left as they were: that ends no app that answers already. */
async function tryToMove(core: Core, all?: Left): Promise<Left> {
  return await move(core, all).catch((error: unknown) => {
    core.log.error(
      { error },
      'Webhooks could not be looked through; trying again in some minutes.',
    );
    return all;
  });
}

/** Returns the ids of those that could not be moved. */
async function move(core: Core, only: Left): Promise<ReadonlySet<string>> {
  const left = new Set<string>();
  if (!core.isReady()) return left;
  for (const { id, status, webhook_target: target } of await core.installations.list()) {
    if (target === webhookTarget(core.config.publicUrl, id) || only?.has(id) === false) continue;
    // Whether the bot is still there is known by the time it is tried again.
    if (status === 'checking') left.add(id);
    if (status !== 'active') continue;
    if (!core.isReady()) break;
    await reconcileWebhook(core, id).catch((error: unknown) => {
      left.add(id);
      const text = 'A webhook could not be moved to PUBLIC_URL; trying again in some minutes.';
      core.log.error({ error, installationId: id }, text);
    });
  }
  return left;
}
