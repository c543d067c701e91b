import { Gauge, type Registry } from 'prom-client';
import { COUNTED_AT_MOST, countFailed, countUnsettled, findOldest } from '../../inbox/queue.ts';
import type { Database } from '../../store/engines/database.ts';
import { fillFromDatabase } from './fill-from-database.ts';

/** What waits, asked when somebody wants to know; the same in every instance. */
export function registerQueueMetrics(
  registry: Registry,
  { database: { kysely }, now }: { database: Database; now: () => number },
): void {
  const events = new Gauge({
    name: 'shopkeeper_events',
    help: `Events by state, settled ones left out; ${COUNTED_AT_MOST} means that many or more.`,
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      await fillFromDatabase(events, countByState);
    },
  });
  const age = new Gauge({
    name: 'shopkeeper_oldest_event_age_seconds',
    help: 'How long the oldest event that is not settled has been here; 0 when there is none.',
    registers: [registry],
    async collect() {
      await fillFromDatabase(age, measureAge);
    },
  });

  async function countByState(): Promise<void> {
    const answers = [await countUnsettled.execute(kysely), await countFailed.execute(kysely)];
    for (const state of ['waiting', 'working', 'failed']) events.set({ state }, 0);
    for (const { state, count } of answers.flatMap(({ rows }) => rows))
      events.set({ state }, count);
  }

  async function measureAge(): Promise<void> {
    const { rows } = await findOldest.execute(kysely);
    const arrived = rows[0]?.received_at ?? now();
    age.set(Math.max(0, now() - arrived) / 1000);
  }
}
