import { openCustomers } from '../load/customers.ts';
import { startStandIn } from '../load/stand-in.ts';
import { startContestant, type ContestantOptions } from '../start-contestant.ts';
import { quantile } from './statistics.ts';

interface Load {
  perSecond: number;
  p99Ms: number | undefined;
}

export interface SoakFigures {
  name: string;
  /** In each slice of the time, what was measured at its end; without a p99 the server fell behind in it. */
  slices: (Load & { minutes: number; heapMb: number; rssMb: number })[];
  lost: number;
}

export interface SoakOptions {
  warmUpMs: number;
  /** For so long it is measured, before each slice, what the server can carry. */
  fullRateMs: number;
  totalMs: number;
  slices: number;
  progress: (text: string) => void;
}

const LOAD = 0.7;

/**
 * For a long time, fifty conversations with 70 % of the messages that the server can carry: what stays in
 * memory, how long the slowest wait, and whether every message is answered. What it can carry is measured anew
 * before each slice: on a shared machine 70 % of what it was ten minutes ago may be all that it is now.
 */
export async function soak(
  name: string,
  given: (apiUrl: string) => ContestantOptions,
  options: SoakOptions,
): Promise<SoakFigures> {
  return await soakWith(name, given, options, async (customers) => {
    await customers.atFullRate(options.warmUpMs);
    return async (durationMs) => {
      const { perSecond } = await customers.atFullRate(options.fullRateMs);
      const rate = Math.max(1, perSecond * LOAD);
      const latencies = await customers.atRate(rate, durationMs, 'fifty');
      return { perSecond: rate, p99Ms: latencies && quantile(latencies, 0.99) };
    };
  });
}

/** As many messages as it takes, with so small a heap that whatever is kept of an event ends the process. */
export async function soakInSmallHeap(
  name: string,
  given: (apiUrl: string) => ContestantOptions,
  options: SoakOptions,
): Promise<SoakFigures> {
  // Without the second, Node 24 does little else than collect (findings/node-24-small-heaps-collect-all-the-time.sh).
  const flags = ['--max-old-space-size=128', '--max-semi-space-size=16'];
  const small = (apiUrl: string) => ({ ...given(apiUrl), flags });
  return await soakWith(name, small, options, async (customers) => {
    return async (durationMs) => {
      const { perSecond, latencies } = await customers.atFullRate(durationMs);
      return { perSecond, p99Ms: quantile(latencies, 0.99) };
    };
  });
}

async function soakWith(
  name: string,
  given: (apiUrl: string) => ContestantOptions,
  { totalMs, slices: count, progress }: SoakOptions,
  prepare: (
    customers: Awaited<ReturnType<typeof openCustomers>>,
  ) => Promise<(durationMs: number) => Promise<Load>>,
): Promise<SoakFigures> {
  const standIn = await startStandIn();
  const { flags = [], ...options } = given(standIn.url);
  const contestant = await startContestant(name, 'shopkeeper', {
    ...options,
    flags: [...flags, '--expose-gc'],
  });
  const customers = await openCustomers(contestant, standIn);
  const slices: SoakFigures['slices'] = [];
  const run = async () => {
    const load = await prepare(customers);
    for (let n = 1; n <= count; n++) {
      const figures = await load(totalMs / count);
      const { heapMb, rssMb } = await contestant.usage();
      slices.push({ minutes: (n * totalMs) / count / 60_000, ...figures, heapMb, rssMb });
      // So that a run that fails in its tenth minute leaves the nine before.
      const soFar = { ...slices.at(-1), lost: customers.lost() };
      progress(`${name}, ${n} of ${count}: ${JSON.stringify(soFar)}`);
    }
  };
  try {
    await Promise.race([run(), contestant.failed]);
    return { name, slices, lost: customers.lost() };
  } finally {
    customers.close();
    contestant.stop();
    standIn.close();
  }
}
