import { z } from 'zod';
import type { Core } from '../../core.ts';
import { messageOf } from '../../errors.ts';
import type { Settlement } from '../../inbox/settle.ts';
import type { Observer } from '../../observe.ts';
import { createAsyncContext } from '../shared/async-context.ts';
import { findOwnFrame, spellFrame } from '../shared/own-frame.ts';
import { readWords } from '../shared/words.ts';
import { titleEvent } from '../shared/title-event.ts';
import type { StoredEvent } from '../../store/schema.ts';
import { cutText } from '../../text.ts';
import { drawLine, type Mark } from './draw.ts';

const WORDS_LENGTH = 60;

/** Which function of the bot the core's steps speak of. */
const HANDLERS: Readonly<Record<string, string>> = {
  'message-handled': 'onMessage',
  'hidden-handled': 'onHidden',
  'postback-handled': 'onPostback',
  'start-handled': 'onStart',
  'hand-off-failure-handled': 'onHandOffFailed',
  'end-handled': 'onEnded',
  'delivery-failure-handled': 'onDeliveryFailed',
};

const Sent = z.object({ content: z.looseObject({ type: z.string() }) });

/** What is under way of an attempt. */
interface Attempt {
  event: StoredEvent;
  handler: string;
  said: string[];
  /** The line that says what the customer wrote. */
  told?: Promise<void>;
  error?: unknown;
}

/**
 * Tells a developer's terminal what customers write and what the bot makes of it, a line a message. Only there:
 * what people wrote is in no log.
 */
export function createTeller(
  core: Pick<Core, 'eventTypes' | 'installations' | 'root' | 'now'>,
  write: (line: string) => void,
): Observer {
  const attempts = createAsyncContext<Attempt>();

  /** Never rejects: what is told takes no outcome away from what it is told of. */
  async function tell(id: string, mark: Mark, text: string, rest = ''): Promise<void> {
    const installation = await core.installations.find(id).catch(() => undefined);
    const account = installation?.display_name ?? '';
    write(drawLine({ at: core.now(), account, mark, text, rest }));
  }

  async function tellOutcome(attempt: Attempt, settlement: Settlement, ms: number): Promise<void> {
    const { installation_id: id } = attempt.event;
    const rest = [`${ms} ms`, attempt.handler].join('  ');
    if (attempt.error !== undefined) {
      await tell(id, 'failed', describeError(attempt));
      const frame = findOwnFrame(attempt.error, core.root);
      const place = frame === undefined ? '' : `${spellFrame(frame)}   `;
      write(drawLine({ mark: 'below', text: place + describeNext(settlement, core.now()) }));
    }
    for (const words of attempt.said) await tell(id, 'sent', words, rest);
    if (attempt.said.length === 0 && attempt.error === undefined)
      await tell(id, 'done', describeSilence(settlement), rest);
  }

  return {
    async attempt(event, run) {
      const attempt: Attempt = { event, handler: '', said: [] };
      const started = performance.now();
      const settlement = await attempts.run(attempt, run);
      const ms = Math.round(performance.now() - started);
      await attempt.told;
      // What nobody decided anything about, such as our own messages coming back, is no news.
      if (attempt.handler !== '' || attempt.error !== undefined)
        await tellOutcome(attempt, settlement, ms);
      return settlement;
    },

    async call({ operation, init }, send) {
      const response = await send();
      const attempt = attempts.get();
      if (attempt !== undefined && operation === 'PostMessage' && response.ok)
        attempt.said.push(spellContent(init.body));
      return response;
    },

    step(step) {
      const attempt = attempts.get();
      const handler = HANDLERS[step.key];
      if (attempt === undefined || handler === undefined) return;
      attempt.handler = handler;
      const { event } = attempt;
      if (event.attempts === 1)
        attempt.told = tell(event.installation_id, 'received', titleEvent(event, core.eventTypes));
    },

    occur: {
      'attempt-failed': ({ error }) => {
        const attempt = attempts.get();
        if (attempt !== undefined) attempt.error = error;
      },
    },
  };
}

function spellContent(body: unknown): string {
  const { content } = Sent.safeParse(JSON.parse(typeof body === 'string' ? body : '{}')).data ?? {};
  const words = readWords(content);
  return words === '' ? `(${content?.type ?? 'something'})` : `“${cutText(words, WORDS_LENGTH)}”`;
}

function describeError({ error, handler }: Attempt): string {
  const name = error instanceof Error ? error.name : 'Error';
  return [handler, `${name}: ${messageOf(error)}`].filter((part) => part !== '').join('  ');
}

/** What comes of a failed attempt. */
function describeNext({ event, state, runAt }: Settlement, at: number): string {
  if (state !== 'waiting' || runAt === undefined) return 'given up';
  const seconds = Math.max(1, Math.round((runAt - at) / 1_000));
  const { attempts, attempts_allowed: allowed } = event;
  return `again in ${seconds} s (attempt ${attempts + 1} of ${allowed})`;
}

/** `Message answered: 0 replies, handed over` without what the line shows anyway. */
function describeSilence({ activity, note, state }: Settlement): string {
  const said = activity?.text.replace(/^[^:]*: 0 replies(?:, )?/, '');
  return said === '' ? 'no reply' : (said ?? note ?? state);
}
