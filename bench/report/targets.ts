import type { Results } from './report.ts';
import type { Table } from './print-table.ts';

interface Target {
  what: string;
  /** It must not be below this, or above. */
  atLeast?: number;
  atMost?: number;
  measured: number | undefined;
}

/** What we set ourselves: ratios within one run on one machine, but for the page, which people wait for. */
export function judgeTargets(results: Results): Table {
  return {
    title: 'Targets',
    head: ['', 'target', 'measured', 'missed by'],
    rows: listTargets(results).flatMap(({ what, atLeast, atMost, measured }) =>
      measured === undefined
        ? []
        : [
            [
              what,
              atLeast === undefined ? `≤ ${atMost?.toFixed(1)}` : `≥ ${atLeast.toFixed(1)}`,
              measured.toFixed(2),
              tellMiss(measured, atLeast, atMost),
            ],
          ],
    ),
  };
}

function listTargets({
  receivers = [],
  growth = [],
  growthOnPostgres = [],
  answers = [],
  starts = [],
  pages = [],
}: Results): Target[] {
  const [raw, express, acking] = receivers;
  const [naive, sqlite, postgres] = answers;
  const [expressStart, start] = starts;
  const [, page] = pages;
  const manyAccounts = (sizes: typeof growth) =>
    sizes.find(({ name }) => name.startsWith('10000 '))?.cpuMicrosPerAck;
  const at100 = (one = naive) => one?.atRates[0]?.p50Ms;
  const atHalf = (one = naive) => one?.atRates.at(-1)?.p99Ms;
  return [
    {
      what: 'Acknowledging on SQLite: acks/s ÷ Express that only parses',
      atLeast: 2.3,
      measured: divide(acking?.acksPerSecond, express?.acksPerSecond),
    },
    {
      what: 'Acknowledging on SQLite: CPU per ack ÷ node:http that only parses',
      atMost: 2.2,
      measured: divide(acking?.cpuMicrosPerAck, raw?.cpuMicrosPerAck),
    },
    {
      what: 'From delivery to reply on SQLite: answers/s ÷ naive bot',
      atLeast: 1,
      measured: divide(sqlite?.answersPerSecond, naive?.answersPerSecond),
    },
    {
      what: 'From delivery to reply on SQLite: CPU per answer ÷ naive bot',
      atMost: 1,
      measured: divide(sqlite?.cpuMicrosPerAnswer, naive?.cpuMicrosPerAnswer),
    },
    {
      what: 'From delivery to reply on PostgreSQL: answers/s ÷ naive bot',
      atLeast: 0.7,
      measured: divide(postgres?.answersPerSecond, naive?.answersPerSecond),
    },
    {
      what: 'From delivery to reply on PostgreSQL, its CPU counted: CPU per answer ÷ naive bot',
      atMost: 1.6,
      measured: divide(postgres?.cpuMicrosPerAnswer, naive?.cpuMicrosPerAnswer),
    },
    {
      what: 'p50 at 100 messages a second on SQLite ÷ naive bot',
      atMost: 1.5,
      measured: divide(sqlite && at100(sqlite), at100()),
    },
    {
      what: 'p99 at half of its own full rate on SQLite ÷ naive bot',
      atMost: 3,
      measured: divide(sqlite && atHalf(sqlite), atHalf()),
    },
    {
      what: 'Memory at full rate on SQLite ÷ naive bot',
      atMost: 1.3,
      measured: divide(sqlite?.rssMb, naive?.rssMb),
    },
    {
      what: 'Start to first answer ÷ Express that only parses',
      atMost: 1.9,
      measured: divide(start?.cpuMs, expressStart?.cpuMs),
    },
    {
      what: 'Account page at 200 000 events: CPU in ms',
      atMost: 5,
      measured: page?.cpuMs,
    },
    {
      what: 'CPU per ack on SQLite, 10 000 accounts ÷ one',
      atMost: 1.1,
      measured: divide(manyAccounts(growth), growth[0]?.cpuMicrosPerAck),
    },
    {
      what: 'CPU per ack on PostgreSQL, 10 000 accounts ÷ one',
      atMost: 1.1,
      measured: divide(manyAccounts(growthOnPostgres), growthOnPostgres[0]?.cpuMicrosPerAck),
    },
  ];
}

function divide(value: number | undefined, base: number | undefined): number | undefined {
  return value === undefined || base === undefined ? undefined : value / base;
}

function tellMiss(measured: number, atLeast: number | undefined, atMost: number | undefined) {
  const short = atLeast === undefined ? measured / (atMost ?? measured) : atLeast / measured;
  return short <= 1 ? 'met' : `${Math.round((short - 1) * 100)} %`;
}
