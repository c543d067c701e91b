import type { Core } from '../../core.ts';
import type { Failure, Occasion } from '../../inbox/event-hooks.ts';
import { isOurs } from '../../inbox/lanes.ts';
import { interrupted, noteOf } from '../../inbox/retry.ts';
import type { Settlement } from '../../inbox/settle.ts';
import { ShutdownError } from '../../inbox/worker.ts';
import { RemoteError } from '../../remote-error.ts';
import { endWhenAborted } from '../../timers.ts';
import { endsConversation } from '../../zendesk/events.ts';
import { isHidden } from '../shared/words.ts';
import { runOnGiveUp } from './on-give-up.ts';

/** What there is to say is short. */
const GIVE_UP_MS = 10_000;
/** The token is dead, or the account is called too often: nothing can be said, whatever was asked. */
const SPEECHLESS = new Set<number | undefined>([401, 429]);
/** Refused, or gone: the conversation itself, where it was asked for one of these. */
const SPEECHLESS_THERE = new Set<number | undefined>([403, 404, 410]);
const THERE = new Set(['GetConversation', 'ListMessages', 'ListParticipants', 'PostMessage']);

/**
 * An event has failed for good: the bot gets one chance to tell the customer, or to hand over. What comes of
 * it is added to the activity; the event stays failed for its own reason, so that it can be replayed. Never
 * throws.
 */
export async function giveUp(
  { log, now }: Pick<Core, 'log' | 'now'>,
  { occasion, failed, error, converse }: Failure,
): Promise<Settlement> {
  const { event, signal } = occasion;
  const handler = findHandler(occasion);
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
      const {
        note,
        conversation,
        writes = [],
      } = await converse({
        ...occasion,
        signal: ending.signal,
        answer: (visit) => runOnGiveUp(visit, { handler, reason: failed.note ?? '' }),
      });
      return tell(note, { ...(conversation && { conversation }), writes });
    };
    return await endWhenAborted(work(), ending.signal);
  } catch (another) {
    if (ending.signal.reason instanceof ShutdownError)
      return interrupted(event, 'Interrupted by a shutdown.', now());
    log.warn({ error: another, eventId: event.event_id }, 'onGiveUp failed.');
    return tell(`onGiveUp failed as well: ${noteOf(another)}`);
  } finally {
    ending.clear();
  }
}

const HANDLERS: Readonly<Record<string, string>> = {
  'conversation:message': 'onMessage',
  'conversation:postback': 'onPostback',
  'conversation:create': 'onStart',
  'switchboard:passControl:failure': 'onHandOffFailed',
};

/** The function of the bot that speaks to the customer about it; undefined where none does. */
function findHandler({ event, parsed }: Occasion): string | undefined {
  if (isOurs(event.type)) return event.type;
  const message = parsed.type === 'conversation:message' ? parsed.payload.message : undefined;
  if (endsConversation(message)) return undefined;
  return message && isHidden(message) ? 'onHidden' : HANDLERS[event.type];
}

/** A handler may also have asked for something else, such as a profile or a file, which says nothing of us. */
function isSpeechless(error: unknown): boolean {
  if (!(error instanceof RemoteError)) return false;
  const { operation, status } = error;
  return SPEECHLESS.has(status) || (THERE.has(operation) && SPEECHLESS_THERE.has(status));
}

/** A limit of its own, because the attempt's may be over already; while it is not, a shutdown ends this one too. */
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
