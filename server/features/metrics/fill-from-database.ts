import type { Gauge } from 'prom-client';

/** A number that cannot be asked for is left out: the last one known would look like the truth. */
export async function fillFromDatabase(gauge: Gauge, fill: () => Promise<void>): Promise<void> {
  gauge.reset();
  await fill().catch(() => {
    gauge.reset();
    // Resetting a gauge without labels makes it 0.
    gauge.remove({});
  });
}
