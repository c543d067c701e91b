import { setTimeout as sleep } from 'node:timers/promises';
import { buildDelivery } from './build-delivery.ts';
import { openConnection, type Connection } from './generate-load.ts';
import { readCpuMicros } from './process-tree.ts';
import type { StandIn } from './stand-in.ts';
import type { Contestant } from './start-contestant.ts';
import { quantile } from './statistics.ts';

export interface AnswerFigures {
  name: string;
  answersPerSecond: number;
  cpuMicrosPerAnswer: number;
  rssMb: number;
  /** From the first byte of the delivery to the reply's last, in ms, at so many messages a second. */
  atRate: { rate: number; p50Ms: number; p99Ms: number }[];
}

const CUSTOMERS = 50;

/**
 * From delivery to reply: first at full rate, each customer writing again as soon as he is answered, then at
 * fixed rates, whatever the server does. Before each measurement it is warmed up for as long.
 * @param alsoPid of a server that works for the contestant: its CPU counts.
 */
export async function measureAnswers(
  contestant: Contestant,
  standIn: StandIn,
  {
    roundMs,
    rates,
    alsoPid,
  }: { roundMs: number; rates: readonly number[]; alsoPid?: number | undefined },
): Promise<AnswerFigures> {
  const [hook = { path: '/', key: '' }] = contestant.hooks;
  const connections = await Promise.all(
    Array.from({ length: CUSTOMERS }, () => openConnection(contestant.port)),
  );
  const run = Math.random().toString(36).slice(2);
  let number = 0;

  /** Returns in how many milliseconds the reply was there. */
  async function say(connection: Connection, conversation: string): Promise<number> {
    const body = buildDelivery({ conversation: `${run}-${conversation}` });
    const replied = standIn.replyIn(`${run}-${conversation}`);
    const sent = performance.now();
    const status = await connection.post({ ...hook, body });
    if (status !== 200) throw new Error(`${contestant.name} refused a delivery: ${status}.`);
    await replied;
    return performance.now() - sent;
  }

  async function atFullRate(): Promise<number> {
    const until = performance.now() + roundMs;
    let answers = 0;
    const customer = async (connection: Connection, index: number) => {
      while (performance.now() < until) {
        await say(connection, `full-${index}`);
        answers += 1;
      }
    };
    await Promise.all(connections.map(customer));
    return answers;
  }

  async function atRate(rate: number): Promise<number[]> {
    const latencies: Promise<number>[] = [];
    const started = performance.now();
    while (performance.now() - started < roundMs) {
      const due = Math.floor(((performance.now() - started) / 1_000) * rate);
      while (latencies.length < due) {
        const n = number++;
        const connection = connections[n % CUSTOMERS];
        // Each in a conversation of its own: nobody waits for the customer before.
        if (connection) latencies.push(say(connection, `rate-${n}`));
      }
      await sleep(1);
    }
    return (await Promise.all(latencies)).toSorted((left, right) => left - right);
  }

  const cpu = async () =>
    (await contestant.usage()).cpuMicros + (alsoPid ? await readCpuMicros(alsoPid) : 0);
  try {
    await atFullRate();
    const before = await cpu();
    const started = performance.now();
    const answers = await atFullRate();
    const seconds = (performance.now() - started) / 1_000;
    const cpuMicrosPerAnswer = ((await cpu()) - before) / answers;
    const { rssMb } = await contestant.usage();
    const measured = [];
    for (const rate of rates) {
      await atRate(rate);
      const latencies = await atRate(rate);
      measured.push({ rate, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) });
    }
    const { name } = contestant;
    return {
      name,
      answersPerSecond: answers / seconds,
      cpuMicrosPerAnswer,
      rssMb,
      atRate: measured,
    };
  } finally {
    for (const connection of connections) connection.close();
  }
}
