import { messageOf } from '../../errors.ts';
import type { Settlement } from '../../inbox/settle.ts';
import { isJob } from '../../inbox/lanes.ts';
import { titleEvent } from '../shared/title-event.ts';
import { webhookTarget } from '../../installations/webhook/reconcile.ts';
import type { Core } from '../../core.ts';
import type { Observer, Subject } from '../../observe.ts';
import type { StoredEvent } from '../../store/schema.ts';
import { deleteTraces } from './drop.ts';
import { describeFailure } from './failure.ts';
import { redactCall } from './redact-call.ts';
import { createSample } from './sample.ts';
import { mask } from './secrets.ts';
import { findSources } from './steps/source.ts';
import { createTracer, noteConsent, traceCall } from './tracer.ts';
import type { Step, TraceStore } from './traces.ts';

/**
 * Follows each piece of work and stores what it did: an event's with the event, other work's once it is
 * over. Never fails: what it explains has happened anyway.
 */
export function createTimelineObserver(
  core: Pick<Core, 'eventTypes' | 'log' | 'now' | 'root'> & {
    config: Pick<Core['config'], 'keepIgnored' | 'publicUrl' | 'sandbox'>;
  },
  traces: TraceStore,
): Observer {
  const { eventTypes, log, now } = core;
  const { keepIgnored, publicUrl } = core.config;
  const tracer = createTracer({ now });
  const hasRoom = createSample({ now });
  /** Until they are recorded with the event itself. */
  const traceOf = new WeakMap<StoredEvent, { title: string; steps: readonly Step[] }>();

  function noteArrival(event: StoredEvent, claimedAt: number): void {
    const { installation_id: id, type, attempts: attempt, received_at: receivedAt } = event;
    // Nobody delivered a job of our own, or what a feature put there.
    if (event.payload !== null && !isJob(event)) {
      const { payload } = event;
      const call = () => describeDelivery(webhookTarget(publicUrl, id), payload);
      tracer.note('EventWebhooks', { type }, { at: receivedAt, call });
    }
    const waitedMs = Math.max(0, claimedAt - receivedAt);
    tracer.note('event-claimed', { attempt, waitedMs }, { at: claimedAt });
  }

  function keep(event: StoredEvent, { state, note, dropPayload }: Settlement): void {
    tracer.note('event-settled', { state, note: note ?? '' });
    const isLeftAlone = state === 'ignored' && !keepIgnored;
    const trace =
      isLeftAlone || dropPayload === true
        ? {
            title: titleEvent({ ...event, payload: null }, eventTypes),
            steps: tracer.steps().map(withoutWords),
          }
        : { title: titleEvent(event, eventTypes), steps: tracer.steps() };
    traceOf.set(event, trace);
  }

  /** What nobody decided anything about, such as our own messages, has no trace. */
  async function follow(event: StoredEvent, run: () => Promise<Settlement>) {
    const claimedAt = now();
    if (event.attempts === 1 && !hasRoom(event.installation_id))
      return await tellFailure(event, claimedAt, () => tracer.apart(run));
    return await tracer.run(async () => {
      noteArrival(event, claimedAt);
      const before = tracer.count();
      const settlement = await run();
      if (tracer.count() > before || settlement.state === 'failed') keep(event, settlement);
      return settlement;
    });
  }

  /** One of very many: what went wrong is told all the same, and from its second attempt on step by step. */
  async function tellFailure(
    event: StoredEvent,
    claimedAt: number,
    run: () => Promise<Settlement>,
  ): Promise<Settlement> {
    const settlement = await run();
    if (settlement.state === 'failed' || settlement.state === 'waiting')
      await tracer.run(async () => {
        noteArrival(event, claimedAt);
        keep(event, settlement);
      });
    return settlement;
  }

  async function conclude(subject: Subject): Promise<void> {
    const steps = tracer.steps();
    if (steps.length === 0) return;
    const { installationId, eventId } = subject;
    try {
      // Of a customer who was deleted meanwhile it would stay.
      if (eventId === undefined || (await traces.mayKeep(installationId, eventId)))
        await traces.add({ ...subject, steps });
    } catch (error) {
      log.warn({ error, installationId }, `A trace could not be stored: ${messageOf(error)}`);
    }
  }

  return {
    attempt: follow,
    conclude,

    async settle(transaction, settlements, at) {
      for (const { event, dropPayload } of settlements) {
        // Earlier attempts were explained with what was said.
        if (dropPayload === true && event.attempts > 1)
          await deleteTraces(transaction, event.installation_id, [event.event_id]);
      }
      const rows = settlements.flatMap(({ event }) => {
        const trace = traceOf.get(event);
        if (trace === undefined) return [];
        const { installation_id: installationId, event_id: eventId } = event;
        return [{ installationId, eventId, kind: 'event' as const, ...trace }];
      });
      if (rows.length > 0) await traces.insert(rows, at, transaction);
    },

    dropWords: deleteTraces,
    dropWork: traces.deleteOfKind,

    /** Within the trace of a larger piece of work it adds to that one instead, unless it is a log of calls. */
    async work(subject, run) {
      const isLog = subject?.kind === 'connection';
      if (tracer.isRunning() && !isLog) return await run();
      return await tracer.run(async () => {
        try {
          return await run();
        } finally {
          if (subject !== undefined) await conclude(subject);
        }
      }, isLog);
    },

    call: (call, send) =>
      tracer.follows(call.service) ? traceCall({ tracer, now }, call, send) : send(),

    occur: {
      'attempt-failed': ({ error }) => {
        // Outside of a trace nobody asks for the lines.
        if (tracer.isRunning())
          tracer.note('attempt-failed', describeFailure(error, core.root, findSources(core)));
      },
    },

    step(step) {
      if (step.key === 'consent-given') return noteConsent(tracer, step);
      const { key, ...values } = step;
      tracer.note(key, values);
    },
  };
}

/** What was said is not kept of an event that was left alone, in no place. */
function withoutWords(step: Step): Step {
  const { call } = step;
  return call === null
    ? step
    : { ...step, call: { ...call, requestBody: null, responseBody: null } };
}

/** Put together from what is stored, so that receiving costs nothing more. */
function describeDelivery(target: string, payload: string) {
  const type = { 'Content-Type': 'application/json' };
  const call = redactCall({
    method: 'POST',
    url: target,
    headers: type,
    body: `{"events":[${payload}]}`,
    answer: { status: 200, headers: new Headers(type), body: '{}' },
    durationMs: null,
  });
  const requestHeaders = { ...call.requestHeaders, 'X-API-Key': mask('WEBHOOK_SECRET') };
  return { ...call, requestHeaders };
}
