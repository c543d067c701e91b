import { openCustomers, type Customers } from '../load/customers.ts';
import { startStandIn } from '../load/stand-in.ts';
import type { Contestant } from '../start-contestant.ts';
import { quantile } from './statistics.ts';

interface Load {
  perSecond: number;
  /** In ms, sorted; undefined when the server fell behind. */
  latencies: number[] | undefined;
}

export interface SoakFigures {
  name: string;
  /** Of each turn; without a p99 the server fell behind in it. */
  turns: { perSecond: number; p99Ms: number | undefined; heapMb: number; rssMb: number }[];
  /** Of all turns that were carried. */
  p99Ms: number;
  lost: number;
}

export interface SoakOptions {
  warmUpMs: number;
  /** For so long it is measured, before each turn, what the server can carry. */
  fullRateMs: number;
  /** Of each contestant, in so many turns. */
  totalMs: number;
  turns: number;
  progress: (text: string) => void;
}

const LOAD = 0.7;

type Start = (apiUrl: string) => Promise<Contestant>;

/**
 * For a long time, fifty conversations with 70 % of the messages that the server can carry: what stays in
 * memory, how long the slowest wait, and whether every message is answered. The contestants take turns,
 * because a shared machine is another one ten minutes later, and for the same reason what each can carry is
 * measured anew before each of its turns.
 */
export async function soak(starts: readonly Start[], options: SoakOptions): Promise<SoakFigures[]> {
  return await takeTurns(starts, options, async (customers, durationMs) => {
    const { perSecond } = await customers.atFullRate(options.fullRateMs);
    const rate = Math.max(1, perSecond * LOAD);
    return { perSecond: rate, latencies: await customers.atRate(rate, durationMs, 'fifty') };
  });
}

/** As many messages as it takes. */
export async function soakAtFullRate(
  starts: readonly Start[],
  options: SoakOptions,
): Promise<SoakFigures[]> {
  return await takeTurns(starts, options, (customers, durationMs) =>
    customers.atFullRate(durationMs),
  );
}

async function takeTurns(
  starts: readonly Start[],
  { warmUpMs, totalMs, turns: count, progress }: SoakOptions,
  load: (customers: Customers, durationMs: number) => Promise<Load>,
): Promise<SoakFigures[]> {
  const standIn = await startStandIn();
  const entered: {
    contestant: Contestant;
    customers: Customers;
    turns: SoakFigures['turns'];
    latencies: number[];
  }[] = [];
  try {
    for (const start of starts) {
      const contestant = await start(standIn.url);
      const customers = await openCustomers(contestant, standIn);
      entered.push({ contestant, customers, turns: [], latencies: [] });
      await customers.atFullRate(warmUpMs);
    }
    for (let n = 1; n <= count; n++)
      for (const { contestant, customers, turns, latencies: all } of entered) {
        const turn = load(customers, totalMs / count);
        const { perSecond, latencies } = await Promise.race([turn, contestant.failed]);
        const { heapMb, rssMb } = await contestant.usage();
        turns.push({ perSecond, p99Ms: latencies && quantile(latencies, 0.99), heapMb, rssMb });
        for (const latency of latencies ?? []) all.push(latency);
        // So that a run that fails in its tenth minute leaves the nine before.
        progress(`${contestant.name}, ${n} of ${count}: ${JSON.stringify(turns.at(-1))}`);
      }
    return entered.map(({ contestant, customers, turns, latencies }) => {
      const sorted = latencies.toSorted((left, right) => left - right);
      const p99Ms = quantile(sorted, 0.99);
      return { name: contestant.name, turns, p99Ms, lost: customers.lost() };
    });
  } finally {
    for (const { contestant, customers } of entered) {
      customers.close();
      contestant.stop();
    }
    standIn.close();
  }
}
