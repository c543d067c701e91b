import { buildDelivery } from '../load/build-delivery.ts';
import { generateLoad, openConnection, type LoadResult } from '../load/generate-load.ts';
import type { Contestant } from '../start-contestant.ts';
import { median, quantile } from './statistics.ts';

const SLICE_MS = 100;

export interface AckFigures {
  name: string;
  acksPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMicrosPerAck: number;
  rssMb: number;
}

/** Measures the contestants in turn, round after round, and takes the median of each figure. */
export async function measureAcks(
  contestants: Contestant[],
  options: {
    rounds: number;
    roundMs: number;
    connections: number;
    progress: (text: string) => void;
  },
): Promise<AckFigures[]> {
  const rounds = new Map<string, AckFigures[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= options.rounds; round++) {
    for (const contestant of contestants) {
      options.progress(`round ${round} of ${options.rounds}: ${contestant.name}`);
      const figures = await measureOnce(contestant, options);
      // Round 0 warms up.
      if (round > 0) rounds.get(contestant.name)?.push(figures);
    }
  }
  return contestants.map(({ name }) => summarise(name, rounds.get(name) ?? []));
}

/**
 * One round, in slices, after each of which what was stored is settled, as the worker would have done by
 * then: of one account not even as much may wait as a round stores.
 */
async function measureOnce(
  contestant: Contestant,
  options: { roundMs: number; connections: number },
): Promise<AckFigures> {
  const { hooks, port, name } = contestant;
  const connections = await Promise.all(
    Array.from({ length: options.connections }, () => openConnection(port)),
  );
  let n = 0;
  const next = () => ({
    ...(hooks[n++ % hooks.length] ?? { path: '/', key: '' }),
    body: buildDelivery(),
  });
  const slices: (LoadResult & { cpuMicros: number; rssMb: number })[] = [];
  // Whoever delivers for the first time is looked up: that is for the warm-up, and for all of them.
  for (let leftMs = options.roundMs; leftMs > 0 || n < hooks.length; leftMs -= SLICE_MS) {
    const before = await contestant.usage('tidy up');
    const load = await generateLoad({ connections, durationMs: SLICE_MS, next });
    const { cpuMicros, rssMb } = await contestant.usage();
    slices.push({ ...load, cpuMicros: cpuMicros - before.cpuMicros, rssMb });
  }
  for (const connection of connections) connection.close();
  const sum = (of: (slice: (typeof slices)[number]) => number) =>
    slices.reduce((total, slice) => total + of(slice), 0);
  const refused = sum((slice) => slice.refused);
  if (refused > 0) throw new Error(`${name} refused ${refused} deliveries.`);
  const acks = sum((slice) => slice.acks);
  const latencies = slices
    .flatMap((slice) => slice.latencies)
    .toSorted((left, right) => left - right);
  return {
    name,
    acksPerSecond: acks / sum(({ seconds }) => seconds),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuMicrosPerAck: sum(({ cpuMicros }) => cpuMicros) / acks,
    rssMb: slices.at(-1)?.rssMb ?? 0,
  };
}

function summarise(name: string, rounds: AckFigures[]): AckFigures {
  const of = (pick: (figures: AckFigures) => number) => median(rounds.map(pick));
  return {
    name,
    acksPerSecond: of((round) => round.acksPerSecond),
    p50Ms: of((round) => round.p50Ms),
    p99Ms: of((round) => round.p99Ms),
    cpuMicrosPerAck: of((round) => round.cpuMicrosPerAck),
    rssMb: of((round) => round.rssMb),
  };
}
