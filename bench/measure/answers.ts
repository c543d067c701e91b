import { openCustomers } from '../load/customers.ts';
import { startStandIn, type StandIn } from '../load/stand-in.ts';
import type { Contestant } from '../start-contestant.ts';
import { quantile } from './statistics.ts';

export interface RateFigures {
  rate: number;
  /** In ms; undefined when the server cannot carry the rate. */
  p50Ms: number | undefined;
  p99Ms: number | undefined;
  rssMb: number;
}

export interface AnswerFigures {
  name: string;
  answersPerSecond: number;
  cpuMicrosPerAnswer: number;
  rssMb: number;
  lost: number;
  /** At fixed rates, the last of them half of what it did at full rate. */
  atRates: RateFigures[];
}

/**
 * From delivery to reply: at full rate, each customer writing again as soon as he is answered, then at fixed
 * rates and at half of that, whatever the server does. Before each measurement it is warmed up for as long.
 */
export async function measureAnswers(
  contestant: Contestant,
  standIn: StandIn,
  { roundMs, rates }: { roundMs: number; rates: readonly number[] },
): Promise<AnswerFigures> {
  const customers = await openCustomers(contestant, standIn);

  async function atRate(rate: number): Promise<RateFigures> {
    const isCarried = (await customers.atRate(rate, roundMs)) !== undefined;
    const latencies = isCarried ? await customers.atRate(rate, roundMs) : undefined;
    return {
      rate,
      p50Ms: latencies && quantile(latencies, 0.5),
      p99Ms: latencies && quantile(latencies, 0.99),
      rssMb: (await contestant.usage()).rssMb,
    };
  }

  try {
    await customers.atFullRate(roundMs);
    const before = await contestant.usage();
    const { latencies, perSecond } = await customers.atFullRate(roundMs);
    const { cpuMicros, rssMb } = await contestant.usage();
    const atRates: RateFigures[] = [];
    for (const rate of [...rates, perSecond / 2]) atRates.push(await atRate(rate));
    return {
      name: contestant.name,
      answersPerSecond: perSecond,
      cpuMicrosPerAnswer: (cpuMicros - before.cpuMicros) / latencies.length,
      rssMb,
      lost: customers.lost(),
      atRates,
    };
  } finally {
    customers.close();
  }
}

/** One contestant after the other, each with the machine to itself. */
export async function compareAnswers(
  starts: ((apiUrl: string) => Promise<Contestant>)[],
  options: { roundMs: number; rates: readonly number[]; progress: (text: string) => void },
): Promise<AnswerFigures[]> {
  const standIn = await startStandIn();
  const figures: AnswerFigures[] = [];
  try {
    for (const start of starts) {
      const contestant = await start(standIn.url);
      options.progress(`from delivery to reply: ${contestant.name}`);
      try {
        figures.push(await measureAnswers(contestant, standIn, options));
      } finally {
        contestant.stop();
      }
    }
    return figures;
  } finally {
    standIn.close();
  }
}
