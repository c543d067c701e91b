import { setTimeout as sleep } from 'node:timers/promises';
import { buildDelivery } from './build-delivery.ts';
import { openConnection } from './generate-load.ts';
import type { StandIn } from './stand-in.ts';
import type { Contestant } from '../start-contestant.ts';

export const CUSTOMERS = 50;
/** A message that is not answered by then is lost. */
const PATIENCE_MS = 60_000;
/** Who is so far behind at a fixed rate will not catch up. */
const BEHIND_S = 2;

export type Customers = Awaited<ReturnType<typeof openCustomers>>;

/** Fifty customers with a connection each, who write to the contestant and wait for its reply. */
export async function openCustomers(contestant: Contestant, standIn: StandIn) {
  const [hook = { path: '/', key: '' }] = contestant.hooks;
  const connections = await Promise.all(
    Array.from({ length: CUSTOMERS }, () => openConnection(contestant.port)),
  );
  const run = Math.random().toString(36).slice(2);
  let number = 0;
  let lost = 0;

  /** Returns in how many milliseconds the reply was there, from the first byte of the delivery to its last. */
  async function say(customer: number, conversation: string): Promise<number> {
    const connection = connections[customer % CUSTOMERS];
    const id = `${run}-${conversation}`;
    const replied = standIn.replyIn(id, PATIENCE_MS);
    const sent = performance.now();
    const status = await connection?.post({ ...hook, body: buildDelivery({ conversation: id }) });
    if (status !== 200) throw new Error(`${contestant.name} refused a delivery: ${status}.`);
    if (!(await replied)) lost += 1;
    return performance.now() - sent;
  }

  return {
    say,

    /** How many messages were never answered. */
    lost: () => lost,

    /** Each customer writes again as soon as he is answered. Returns the latencies, sorted. */
    async atFullRate(durationMs: number) {
      const started = performance.now();
      const latencies: number[] = [];
      async function talk(customer: number): Promise<void> {
        while (performance.now() - started < durationMs)
          latencies.push(await say(customer, `full-${customer}`));
      }
      await Promise.all(Array.from({ length: CUSTOMERS }, (_, customer) => talk(customer)));
      const perSecond = (latencies.length * 1_000) / (performance.now() - started);
      return { perSecond, latencies: latencies.toSorted((left, right) => left - right) };
    },

    /**
     * So many messages a second, whatever the server does, each in a conversation of its own or in that of
     * one of the fifty. Returns the latencies, sorted; undefined when it cannot carry that rate.
     */
    async atRate(
      rate: number,
      durationMs: number,
      conversations: 'new' | 'fifty' = 'new',
    ): Promise<number[] | undefined> {
      // Numbers alone: a minute of promises would take this process, and the replies it sends, long to look through.
      const latencies: number[] = [];
      let sent = 0;
      let failure: unknown;
      const hasFailed = () => failure !== undefined;
      const started = performance.now();
      let isBehind = false;
      while (performance.now() - started < durationMs && !isBehind && !hasFailed()) {
        const due = Math.floor(((performance.now() - started) / 1_000) * rate);
        for (; sent < due; sent++) {
          const n = number++;
          const conversation = conversations === 'new' ? `new-${n}` : `one-${n % CUSTOMERS}`;
          say(n, conversation).then(
            (latency) => latencies.push(latency),
            (error: unknown) => (failure ??= error),
          );
        }
        isBehind = sent - latencies.length > rate * BEHIND_S;
        await sleep(1);
      }
      while (latencies.length < sent && !hasFailed()) await sleep(1);
      if (hasFailed()) throw failure;
      return isBehind ? undefined : latencies.toSorted((left, right) => left - right);
    },

    close(): void {
      for (const connection of connections) connection.close();
    },
  };
}
