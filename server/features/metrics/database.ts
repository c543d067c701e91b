import { Gauge, type Registry } from 'prom-client';
import type { Database } from '../../store/engines/database.ts';

export function registerDatabaseMetrics(registry: Registry, database: Database): void {
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
