import type { RequestHandler } from 'express';
import type { Core } from '../../core.ts';
import { codeOf, OperatorError } from '../../errors.ts';
import { within } from '../../timers.ts';

const ANSWER_WITHIN_MS = 2_000;
/** How long an answer of the database is believed: everybody may ask, and asking is a write. */
const BELIEVED_MS = 1_000;

/**
 * Ready: the database can be written, the migrations ran (the app does not start before), no shutdown yet.
 * Not ready: 503, with the reason in general words, for everybody may read it. Its details are in the log,
 * which hears of each change.
 */
export function readyz({
  appState,
  isReady,
  now,
  log,
}: Pick<Core, 'appState' | 'isReady' | 'now' | 'log'>): RequestHandler {
  let examined: { at: number; obstacle: Promise<string | undefined> } | undefined;
  let last: string | undefined;

  /** Returns what keeps the database from being written, if anything. */
  async function examine(): Promise<string | undefined> {
    try {
      await within(ANSWER_WITHIN_MS, appState.write('health:probed_at', String(now())));
      if (last !== undefined) log.info({}, 'The database can be written again.');
      last = undefined;
    } catch (error) {
      const obstacle = describeObstacle(error);
      if (obstacle !== last) log.warn({ error }, `Not ready: ${obstacle}.`);
      last = obstacle;
    }
    return last;
  }

  return async (_request, response) => {
    const at = performance.now();
    if (examined === undefined || at - examined.at > BELIEVED_MS)
      examined = { at, obstacle: examine() };
    const obstacle = await examined.obstacle;
    const reason = obstacle ?? (isReady() ? undefined : 'the app is stopping');
    response.status(reason === undefined ? 200 : 503).json({
      status: reason === undefined ? 'ready' : 'not ready',
      database: obstacle === undefined,
      reason,
    });
  };
}

function describeObstacle(error: unknown): string {
  const code = codeOf(error) ?? '';
  if (code === '25006' || code.startsWith('SQLITE_READONLY')) return 'the database is read-only';
  if (code === '53100' || code === 'SQLITE_FULL') return 'the disk of the database is full';
  // Opening a connection failed; who may read the log finds why.
  if (error instanceof OperatorError) return 'the database cannot be reached';
  if (error instanceof DOMException) return 'the database does not answer';
  return 'the database cannot be written';
}
