import { Counter, Histogram, type Registry } from 'prom-client';
import type { Observer } from '../../observe.ts';
import type { RefreshResult } from '../occurrences.ts';

/** Everything the receiver may answer. */
const STATUSES = [200, 400, 401, 404, 405, 413, 503, 'aborted'];
const REFRESHES: RefreshResult[] = ['renewed', 'dead', 'refused', 'scope', 'busy', 'unavailable'];

const CONNECTION_STATUSES = ['connected', 'needs_reconnect', 'failing'];
const NOTICE_RESULTS = ['sent', 'failed', 'given-up'];

const ANSWERED = new Set(['conversation:message', 'conversation:postback', 'conversation:create']);

/** From a bot that answers at once to the last of its attempts. */
const REPLY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/**
 * Counts what the core tells. The first of a kind can be told only if its series was there before, so all
 * of them begin at 0.
 */
export function countOccurrences(
  registry: Registry,
  now: () => number,
): NonNullable<Observer['occur']> {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'shopkeeper_deliveries_total',
    help: "Zendesk's deliveries by the status they were answered with; aborted: the sender hung up.",
    labelNames: ['status'],
    registers,
  });
  const received = new Counter({
    name: 'shopkeeper_events_received_total',
    help: 'Events acknowledged, repeated ones included: waiting for the bot, or ignored on arrival.',
    labelNames: ['state'],
    registers,
  });
  const attempts = new Counter({
    name: 'shopkeeper_event_attempts_total',
    help: 'Attempts at an event by the state they left it in; waiting: it will be tried again.',
    labelNames: ['state'],
    registers,
  });
  const replies = new Histogram({
    name: 'shopkeeper_reply_seconds',
    help: 'From the arrival of an event until the bot was done with it, retries included.',
    buckets: REPLY_BUCKETS,
    registers,
  });
  const refreshes = new Counter({
    name: 'shopkeeper_token_refreshes_total',
    help: "Renewals of connections' access tokens: renewed, or what kind of failure it was.",
    labelNames: ['provider', 'result'],
    registers,
  });
  const changes = new Counter({
    name: 'shopkeeper_connection_changes_total',
    help: 'Connections that broke or work again, by the status they have since.',
    labelNames: ['provider', 'status'],
    registers,
  });
  const notices = new Counter({
    name: 'shopkeeper_connection_notices_total',
    help: 'Attempts to tell that a connection broke or works again, by what came of them.',
    labelNames: ['channel', 'result'],
    registers,
  });
  for (const status of STATUSES) deliveries.inc({ status }, 0);
  for (const state of ['waiting', 'ignored']) received.inc({ state }, 0);
  for (const state of ['done', 'ignored', 'failed', 'waiting']) attempts.inc({ state }, 0);

  return {
    'delivery-answered': ({ status }) => deliveries.inc({ status }),
    'events-received': ({ events }) => {
      for (const { state } of events) received.inc({ state });
    },
    'attempt-settled': ({ event, state }) => {
      attempts.inc({ state });
      // Not our own jobs, nor what nobody waits for an answer to.
      if (state === 'done' && ANSWERED.has(event.type))
        replies.observe((now() - event.received_at) / 1000);
    },
    'service-known': ({ service: provider }) => {
      for (const result of REFRESHES) refreshes.inc({ provider, result }, 0);
      for (const status of CONNECTION_STATUSES) changes.inc({ provider, status }, 0);
    },
    'connection-changed': ({ service: provider, status }) => changes.inc({ provider, status }),
    'channel-known': ({ channel }) => {
      for (const result of NOTICE_RESULTS) notices.inc({ channel, result }, 0);
    },
    'notice-sent': ({ channel, result }) => notices.inc({ channel, result }),
    'token-refreshed': ({ service: provider, result }) => refreshes.inc({ provider, result }),
  };
}
