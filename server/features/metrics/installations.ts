import { sql } from 'kysely';
import { Gauge, type Registry } from 'prom-client';
import type { Database } from '../../store/engines/database.ts';
import type { InstallationStatus } from '../../store/schema.ts';
import { fillFromDatabase } from './fill-from-database.ts';

const NONE: Record<InstallationStatus, number> = {
  installing: 0,
  active: 0,
  revoked: 0,
  removing: 0,
};

export function registerInstallationMetrics(registry: Registry, { kysely }: Database): void {
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
    const { rows } = await sql<{ status: InstallationStatus; count: number }>`
      select status, count(*) as count from installations group by status`.execute(kysely);
    const found = Object.fromEntries(rows.map(({ status, count }) => [status, count]));
    for (const [status, count] of Object.entries({ ...NONE, ...found }))
      installations.set({ status }, count);
  }
}
