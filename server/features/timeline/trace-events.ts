import type { Tracer } from './create-tracer.ts';
import { mask } from './mask.ts';
import { redactCall } from './redact-call.ts';
import type { StoredEvent } from '../../store/schema.ts';
import type { Step } from './store/trace-schema.ts';
import type { HandleEvent } from '../../inbox/create-worker.ts';
import { titleEvent } from '../../inbox/title-event.ts';

/**
 * Has each attempt at an event explained: what was delivered, what was decided, which calls were made,
 * what was recorded. What nobody decided anything about, such as our own messages, has no trace.
 */
export function traceEvents(options: {
  handle: HandleEvent;
  tracer: Tracer;
  /** Where Zendesk delivers an installation's events. */
  targetOf: (installationId: string) => string;
  /** Whether what was left alone is kept with what it says; for development. */
  keepIgnored: boolean;
  now: () => number;
}): HandleEvent {
  const { handle, tracer, targetOf, now } = options;

  function noteArrival(event: StoredEvent): void {
    const { installation_id: id, type, attempts: attempt, received_at: receivedAt } = event;
    // Without a payload it is a job of our own, which nobody delivered.
    if (event.payload !== null) {
      const call = describeDelivery(targetOf(id), event.payload);
      tracer.note('EventWebhooks', { type }, { at: receivedAt, call });
    }
    tracer.note('event-claimed', { attempt, waitedMs: Math.max(0, now() - receivedAt) });
  }

  return (event, signal) =>
    tracer.run(async () => {
      noteArrival(event);
      const before = tracer.steps().length;
      const settlement = await handle(event, signal);
      const { state } = settlement;
      const note = settlement.note ?? '';
      if (tracer.steps().length === before && state !== 'failed') return settlement;
      tracer.note('event-settled', { state, note });
      const isLeftAlone = state === 'ignored' && !options.keepIgnored;
      const trace =
        isLeftAlone || settlement.dropPayload === true
          ? {
              title: titleEvent({ ...event, payload: null }),
              steps: tracer.steps().map(withoutWords),
            }
          : { title: titleEvent(event), steps: [...tracer.steps()] };
      return { ...settlement, trace };
    });
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
