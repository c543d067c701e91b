import { messageOf } from '../errors.ts';
import { RemoteError } from '../remote-error.ts';
import { findHandler } from '../runtime/dispatch.ts';
import { runOnGiveUp } from '../runtime/give-up.ts';
import { endWhenAborted } from '../timers.ts';
import { enter, type ConverseDeps } from './converse.ts';
import type { Occasion } from './event-hooks.ts';
import type { Settlement } from './settle.ts';
import { interrupted } from './retry.ts';
import { ShutdownError } from './worker.ts';

/** What there is to say is short. */
const GIVE_UP_MS = 10_000;
/** Refused, the token is dead, the conversation is gone, or the account is called too often: nothing can be said. */
const SPEECHLESS = new Set<number | undefined>([401, 403, 404, 410, 429]);

/**
 * An event has failed for good: the bot gets one chance to tell the customer, or to hand over. What comes of
 * it is added to the activity; the event stays failed for its own reason, so that it can be replayed. Never
 * throws.
 */
export async function giveUp(
  deps: ConverseDeps,
  occasion: Occasion,
  { failed, error }: { failed: Settlement; error: unknown },
): Promise<Settlement> {
  const { event, parsed, signal } = occasion;
  const handler = 'answer' in parsed ? event.type : findHandler(parsed, deps);
  // A process that ended while it was given up is not sent there again.
  const isOver = event.attempts > event.attempts_allowed + 1;
  if (handler === undefined || isOver || isSpeechless(error)) return failed;
  const tell = (outcome: string | null, more: Partial<Settlement> = {}): Settlement => ({
    ...failed,
    ...more,
    activity: { kind: 'failed', text: `${failed.activity?.text ?? ''} ${outcome ?? ''}` },
  });
  const ending = limitTime(signal, GIVE_UP_MS);
  try {
    const work = async () => {
      const visit = await enter(deps, { ...occasion, signal: ending.signal });
      const reason = failed.note ?? '';
      const result = await runOnGiveUp(visit.dispatching, { handler, reason });
      const { note, conversation, writes = [] } = visit.settle(result);
      return tell(note, { ...(conversation && { conversation }), writes });
    };
    return await endWhenAborted(work(), ending.signal);
  } catch (another) {
    if (ending.signal.reason instanceof ShutdownError)
      return interrupted(event, 'Interrupted by a shutdown.', deps.now());
    deps.log.warn({ error: another, eventId: event.event_id }, 'onGiveUp failed.');
    return tell(`onGiveUp failed as well: ${messageOf(another)}`);
  } finally {
    ending.clear();
  }
}

function isSpeechless(error: unknown): boolean {
  return error instanceof RemoteError && SPEECHLESS.has(error.status);
}

/** Another limit than the attempt's, which may be over; a shutdown ends both. */
function limitTime(attempt: AbortSignal, ms: number) {
  const controller = new AbortController();
  const follow = () => controller.abort(attempt.reason);
  const timer = setTimeout(() => {
    controller.abort(new Error(`onGiveUp took longer than ${ms / 1_000} s.`));
  }, ms);
  attempt.addEventListener('abort', follow);
  return {
    signal: controller.signal,
    clear(): void {
      clearTimeout(timer);
      attempt.removeEventListener('abort', follow);
    },
  };
}
