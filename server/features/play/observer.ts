import { z } from 'zod';
import type { Core } from '../../core.ts';
import type { Observer, OutgoingCall } from '../../observe.ts';
import { parseJson } from '../../parse-json.ts';
import { createAsyncContext } from '../shared/async-context.ts';
import { readWords } from '../shared/words.ts';
import type { RemoteAnswer } from '../../send-request.ts';
import type { NewEvent, StoredEvent } from '../../store/schema.ts';
import type { Crash } from './crash.ts';
import type { Attempt, Call, Journal, Journey } from './journal.ts';

/** An event as Zendesk delivers it, as far as the journey tells of it. */
const Event = z.object({
  createdAt: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  payload: z.object({
    conversation: z.object({ id: z.string() }),
    creationReason: z.string().nullish(),
    user: z.object({ id: z.string() }).nullish(),
    message: z
      .object({
        received: z.iso.datetime({ offset: true }).nullish(),
        content: z.looseObject({ type: z.string() }),
        author: z.object({ type: z.string(), userId: z.string().nullish() }),
      })
      .nullish(),
    postback: z.object({ payload: z.string() }).nullish(),
  }),
});

/** One for the process, and used in sandbox mode alone. */
const running = createAsyncContext<{ journey: Journey; attempt: Attempt }>();

/** Follows what customers do through the app, and lets it die where somebody wished that. */
export function createPlayObserver(
  { now, crash }: Pick<Core, 'now'> & { crash: Crash },
  journal: Journal,
): Observer {
  /** What an app still does that was killed happens nowhere. */
  let isDead = false;

  function arrive(event: NewEvent | StoredEvent, at: number): Journey | undefined {
    const { installation_id: installationId, event_id: eventId } = event;
    const known = journal.find(installationId, eventId);
    if (known !== undefined) return known;
    const journey = toJourney(event, at);
    if (journey !== undefined) journal.add(journey);
    return journey;
  }

  async function follow(
    event: StoredEvent,
    run: () => ReturnType<NonNullable<Observer['attempt']>>,
  ) {
    const journey = arrive(event, event.received_at);
    if (journey === undefined) return await run();
    const { installationId } = journey;
    const attempt: Attempt = { number: event.attempts, at: now(), notes: [] };
    journey.attempts.push(attempt);
    journal.announce(installationId);
    const settlement = await running.run({ journey, attempt }, run);
    if (isDead) return settlement;
    const { state, note, runAt } = settlement;
    attempt.settled = { at: now(), state, note, runAt };
    if (state === 'done') journal.count('answered');
    if (state === 'failed') journal.count('givenUp');
    if (state !== 'waiting' && journey.attempts.length > 1) journal.count('again');
    // What was left alone is not kept in any place, so not here, either.
    if (settlement.dropPayload === true || (state === 'ignored' && attempt.notes.length === 0))
      journal.drop(installationId, (one) => one === journey);
    else if (state === 'ignored') forgetWords(journey);
    journal.announce(installationId);
    return settlement;
  }

  async function watch<Answer extends RemoteAnswer>(
    call: OutgoingCall,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const current = running.get();
    if (current === undefined || call.service !== 'zendesk' || call.init.isFile === true)
      return await send();
    const { journey, attempt } = current;
    const note = { key: call.operation, at: now(), call: describe(call) };
    const started = performance.now();
    attempt.notes.push(note);
    try {
      const response = await send();
      const text = await response.clone().text();
      Object.assign(note.call, { status: response.status, answer: text });
      return response;
    } finally {
      note.call.durationMs = Math.round(performance.now() - started);
      journal.announce(journey.installationId);
      await dieIfWished(journey, attempt, note.call);
    }
  }

  /** Once Zendesk has taken the reply, and before anybody can write down that it has: never resolves then. */
  async function dieIfWished(journey: Journey, attempt: Attempt, call: Call): Promise<void> {
    const { installationId } = journey;
    if (crash === undefined || call.operation !== 'PostMessage' || call.status === null) return;
    if (!journal.crashes.delete(installationId)) return;
    attempt.notes.push({ key: 'killed', at: now() });
    isDead = true;
    void crash();
    await new Promise(() => {});
  }

  return {
    attempt: follow,
    call: watch,
    step({ key, ...values }) {
      const { attempt, journey } = running.get() ?? {};
      attempt?.notes.push({
        key,
        at: now(),
        ...('reason' in values && { text: values.reason }),
        ...('number' in values && { number: values.number }),
      });
      if (journey !== undefined) journal.announce(journey.installationId);
    },
    occur: {
      'events-received': ({ events }) => {
        for (const event of events) {
          if (event.state === 'ignored') continue;
          const journey = arrive(event, now());
          journey?.deliveredAt.push(now());
          journal.announce(event.installation_id);
        }
      },
    },
    dropWords: async (_transaction, installationId, eventIds) =>
      journal.drop(installationId, ({ eventId }) => eventIds?.includes(eventId) ?? true),
    forget: async (_transaction, installationId, { userIds, conversationIds }) =>
      journal.drop(
        installationId,
        ({ userId, conversationId }) =>
          userIds.includes(userId ?? '') || conversationIds.includes(conversationId),
      ),
  };
}

/** Undefined for what no customer did. */
function toJourney(event: NewEvent | StoredEvent, at: number): Journey | undefined {
  const { type } = event;
  const payload = event.payload ?? '';
  const parsed = Event.safeParse(parseJson(payload)).data;
  if (parsed === undefined) return undefined;
  const { conversation, user, message, postback, creationReason } = parsed.payload;
  if (message && message.author.type !== 'user') return undefined;
  const opened = creationReason === 'startConversation' ? 'Opened the chat' : '';
  const words = readWords(message?.content) || postback?.payload || message?.content.type || opened;
  if (words === '') return undefined;
  const sentAt = Math.min(Date.parse(message?.received ?? '') || parsed.createdAt, at);
  return {
    eventId: event.event_id,
    installationId: event.installation_id,
    conversationId: conversation.id,
    userId: user?.id ?? message?.author.userId ?? undefined,
    type,
    words,
    sentAt,
    deliveredAt: [],
    payload,
    attempts: [],
  };
}

function forgetWords(journey: Journey): void {
  journey.words = 'A message';
  journey.payload = '';
}

function describe({ operation, url, init }: OutgoingCall): Call {
  const { method, body } = init;
  const request = typeof body === 'string' ? body : null;
  return { operation, method, url, request, status: null, answer: null, durationMs: 0 };
}
