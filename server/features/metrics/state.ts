import { Gauge, type Registry } from 'prom-client';
import type { Core } from '../../core.ts';
import type { Database } from '../../store/engines/database.ts';
import type { InstallationStatus } from '../../store/schema.ts';
import { COUNTED_AT_MOST, countFailed, countUnsettled, findOldest } from './queue.ts';

const NONE: Record<InstallationStatus, number> = {
  installing: 0,
  active: 0,
  checking: 0,
  revoked: 0,
  removing: 0,
};

/** What is asked of the database when somebody wants to know; the same in every instance. */
export function registerStateMetrics(
  registry: Registry,
  core: Pick<Core, 'database' | 'now'>,
): void {
  registerDatabaseMetrics(registry, core.database);
  registerQueueMetrics(registry, core);
  registerInstallationMetrics(registry, core.database);
}

function registerDatabaseMetrics(registry: Registry, database: Database): void {
  const up = new Gauge({
    name: 'shopkeeper_database_up',
    help: '1 while the database answers, else 0, and then what is asked of it is missing here.',
    registers: [registry],
    async collect() {
      const answers = await database.ping().then(
        () => 1,
        () => 0,
      );
      up.set(answers);
    },
  });
}

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

function registerInstallationMetrics(
  registry: Registry,
  { kysely }: Pick<Database, 'kysely'>,
): void {
  const installations = new Gauge({
    name: 'shopkeeper_installations',
    help: 'Installations by status; the same in every instance.',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      await fillFromDatabase(installations, countByStatus);
    },
  });

  async function countByStatus(): Promise<void> {
    const rows = await kysely
      .selectFrom('installations')
      .select(['status', ({ fn }) => fn.countAll<number>().as('count')])
      .groupBy('status')
      .execute();
    const found = Object.fromEntries(rows.map(({ status, count }) => [status, count]));
    for (const [status, count] of Object.entries({ ...NONE, ...found }))
      installations.set({ status }, count);
  }
}

/** A number that cannot be asked for is left out: the last one known would look like the truth. */
async function fillFromDatabase(gauge: Gauge, fill: () => Promise<void>): Promise<void> {
  gauge.reset();
  await fill().catch(() => {
    gauge.reset();
    // Resetting a gauge without labels makes it 0.
    gauge.remove({});
  });
}
