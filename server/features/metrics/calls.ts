import { Counter, Histogram, type Registry } from 'prom-client';
import type { Observer } from '../../observe.ts';

/** What alerts count; a series that begins with its first failure would hide it. */
const FAILURES = ['none', 401, 403, 404, 429, 500, 502, 503, 504];
/** Calls are given up after ten seconds. */
const CALL_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts requests to other services by the status of the answer, and measures how long that took. */
export function createCallMetrics(registry: Registry): NonNullable<Observer['call']> {
  const calls = new Counter({
    name: 'shopkeeper_outgoing_calls_total',
    help: 'Calls to other services by the status of the answer; none: there was no answer.',
    labelNames: ['service', 'operation', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'shopkeeper_outgoing_call_seconds',
    help: 'How long other services took to begin their answer.',
    labelNames: ['service', 'operation'],
    buckets: CALL_BUCKETS,
    registers: [registry],
  });

  /** Called before the first answer, so that every outcome of an operation starts at 0. */
  function beginAtZero(service: string, operation: string): void {
    for (const status of FAILURES) calls.inc({ service, operation, status }, 0);
  }

  const known = new Set<string>();
  return async function measureCall({ service, operation }, send) {
    const key = `${service} ${operation}`;
    if (!known.has(key)) beginAtZero(service, operation);
    known.add(key);
    const end = seconds.startTimer({ service, operation });
    let status: number | 'none' = 'none';
    try {
      const response = await send();
      ({ status } = response);
      return response;
    } finally {
      end();
      calls.inc({ service, operation, status });
    }
  };
}
