import { buildDelivery } from './build-delivery.ts';
import { generateLoad } from './generate-load.ts';
import type { Contestant } from './start-contestant.ts';
import { median, quantile } from './statistics.ts';

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

async function measureOnce(
  contestant: Contestant,
  { roundMs, connections }: { roundMs: number; connections: number },
): Promise<AckFigures> {
  const { hooks, port, name } = contestant;
  let n = 0;
  const before = await contestant.usage('tidy up');
  const load = await generateLoad({
    port,
    connections,
    durationMs: roundMs,
    next: () => ({
      ...(hooks[n++ % hooks.length] ?? { path: '/', key: '' }),
      body: buildDelivery(),
    }),
  });
  const after = await contestant.usage();
  if (load.refused > 0) throw new Error(`${name} refused ${load.refused} deliveries.`);
  return {
    name,
    acksPerSecond: load.acks / load.seconds,
    p50Ms: quantile(load.latencies, 0.5),
    p99Ms: quantile(load.latencies, 0.99),
    cpuMicrosPerAck: (after.cpuMicros - before.cpuMicros) / load.acks,
    rssMb: after.rssMb,
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
