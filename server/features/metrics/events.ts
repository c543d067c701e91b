import { Counter, Histogram, type Registry } from 'prom-client';
import type { EventState, StoredEvent } from '../../store/schema.ts';

/** From a bot that answers at once to the last of its attempts. */
const REPLY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

export function createEventMetrics(registry: Registry, now: () => number) {
  const received = new Counter({
    name: 'shopkeeper_events_received_total',
    help: 'Events acknowledged, repeated ones included: waiting for the bot, or ignored on arrival.',
    labelNames: ['state'],
    registers: [registry],
  });
  const attempts = new Counter({
    name: 'shopkeeper_event_attempts_total',
    help: 'Attempts at an event by the state they left it in; waiting: it will be tried again.',
    labelNames: ['state'],
    registers: [registry],
  });
  const replies = new Histogram({
    name: 'shopkeeper_reply_seconds',
    help: 'From the arrival of an event until the bot was done with it, retries included.',
    buckets: REPLY_BUCKETS,
    registers: [registry],
  });
  for (const state of ['waiting', 'ignored']) received.inc({ state }, 0);
  for (const state of ['done', 'ignored', 'failed', 'waiting']) attempts.inc({ state }, 0);

  return {
    countReceived: (events: readonly { state: EventState }[]): void => {
      for (const { state } of events) received.inc({ state });
    },

    countAttempt: ({ event, state }: { event: StoredEvent; state: EventState }): void => {
      attempts.inc({ state });
      // Not our own jobs, nor what no handler runs for.
      const isAnswered = state === 'done' && event.type.startsWith('conversation:');
      if (isAnswered) replies.observe((now() - event.received_at) / 1000);
    },
  };
}
