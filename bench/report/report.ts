import type { AckFigures } from '../measure/acks.ts';
import type { AnswerFigures, RateFigures } from '../measure/answers.ts';
import type { PageFigures } from '../measure/page.ts';
import type { StartFigures } from '../measure/start.ts';
import type { Table } from './print-table.ts';
import type { SoakFigures } from '../measure/soak.ts';
import { judgeTargets } from './targets.ts';

/** What one run measured; of a contestant that plays no part here, nothing. */
export interface Results {
  machine: string;
  /** node:http, Express, and ours on each engine. */
  receivers?: AckFigures[];
  /** On SQLite, the smallest first. */
  growth?: AckFigures[];
  growthOnPostgres?: AckFigures[] | undefined;
  /** The naive bot, and ours on each engine. */
  answers?: AnswerFigures[];
  /** Express and ours. */
  starts?: StartFigures[];
  /** An answer of /healthz, and an account's page. */
  pages?: PageFigures[];
  soaks?: { steady: SoakFigures[]; smallHeap: SoakFigures[] };
}

/** By the name of their place in docs/performance.md. */
export function toTables(results: Results): Record<string, Table> {
  const { receivers, growth, growthOnPostgres, answers, starts, pages, soaks } = results;
  return {
    ...(receivers && { acknowledging: tellReceivers(receivers) }),
    ...(growth && { growth: tellGrowth('As it fills, on SQLite', growth) }),
    ...(growthOnPostgres && {
      'growth-postgres': tellGrowth('As it fills, on PostgreSQL', growthOnPostgres),
    }),
    ...(answers && { answers: tellAnswers(answers), rates: tellRates(answers) }),
    ...(starts && { start: tellStarts(starts) }),
    ...(pages && { pages: tellPages(pages) }),
    ...(receivers && answers && { targets: judgeTargets(results) }),
    ...(soaks && {
      soak: tellSoak('Ten minutes at 70 %, fifty conversations', soaks.steady),
      'small-heap': tellSoak('As fast as it can, with a heap of 128 MB', soaks.smallHeap),
    }),
  };
}

function tellReceivers(receivers: AckFigures[]): Table {
  const [raw, express] = receivers;
  return {
    title: 'Acknowledging deliveries, 50 connections',
    head: [
      '',
      'acks/s',
      '× Express',
      '× node:http',
      'p50 ms',
      'p99 ms',
      'CPU µs/ack',
      '× node:http',
      'RSS MB',
    ],
    rows: receivers.map((one) => [
      one.name,
      one.acksPerSecond.toFixed(0),
      ratio(one.acksPerSecond, express?.acksPerSecond),
      ratio(one.acksPerSecond, raw?.acksPerSecond),
      one.p50Ms.toFixed(1),
      one.p99Ms.toFixed(1),
      one.cpuMicrosPerAck.toFixed(0),
      ratio(one.cpuMicrosPerAck, raw?.cpuMicrosPerAck),
      one.rssMb.toFixed(0),
    ]),
  };
}

function tellGrowth(title: string, sizes: AckFigures[]): Table {
  return {
    title,
    head: ['', 'acks/s', 'CPU µs/ack', '× the first', 'RSS MB'],
    rows: sizes.map((one) => [
      one.name,
      one.acksPerSecond.toFixed(0),
      one.cpuMicrosPerAck.toFixed(0),
      ratio(one.cpuMicrosPerAck, sizes[0]?.cpuMicrosPerAck),
      one.rssMb.toFixed(0),
    ]),
  };
}

function tellAnswers(answers: AnswerFigures[]): Table {
  const [naive] = answers;
  return {
    title: 'From delivery to reply, 50 customers without a pause',
    head: ['', 'answers/s', '× naive', 'CPU µs/answer', '× naive', 'RSS MB', '× naive', 'lost'],
    rows: answers.map((one) => [
      one.name,
      one.answersPerSecond.toFixed(0),
      ratio(one.answersPerSecond, naive?.answersPerSecond),
      one.cpuMicrosPerAnswer.toFixed(0),
      ratio(one.cpuMicrosPerAnswer, naive?.cpuMicrosPerAnswer),
      one.rssMb.toFixed(0),
      ratio(one.rssMb, naive?.rssMb),
      String(one.lost),
    ]),
  };
}

function tellRates(answers: AnswerFigures[]): Table {
  const rates = answers[0]?.atRates ?? [];
  const names = rates.map(({ rate }, index) =>
    index === rates.length - 1 ? 'half of its own' : `${rate}/s`,
  );
  const cells = ({ p50Ms, p99Ms, rssMb }: RateFigures) => [
    p50Ms === undefined || p99Ms === undefined
      ? 'too much'
      : `${p50Ms.toFixed(1)} · ${p99Ms.toFixed(1)}`,
    rssMb.toFixed(0),
  ];
  return {
    title: 'At fixed rates: p50 · p99 in ms, and RSS in MB',
    head: ['', ...names.flatMap((name) => [name, 'RSS'])],
    rows: answers.map((one) => [one.name, ...one.atRates.flatMap(cells)]),
  };
}

function tellStarts(starts: StartFigures[]): Table {
  const [express] = starts;
  return {
    title: 'From the start of the process to its first answer',
    head: ['', 'ms', '× Express', 'CPU ms', '× Express', 'idle MB'],
    rows: starts.map((one) => [
      one.name,
      one.wallMs.toFixed(0),
      ratio(one.wallMs, express?.wallMs),
      one.cpuMs.toFixed(0),
      ratio(one.cpuMs, express?.cpuMs),
      one.idleRssMb.toFixed(0),
    ]),
  };
}

function tellPages(pages: PageFigures[]): Table {
  const [health] = pages;
  return {
    title: 'What a page costs the server',
    head: ['', 'CPU ms', '× /healthz', 'KB'],
    rows: pages.map((one) => [
      one.name,
      one.cpuMs.toFixed(2),
      ratio(one.cpuMs, health?.cpuMs),
      one.kb.toFixed(1),
    ]),
  };
}

/** The rate and p99 of each turn, then what holds for all of them. */
function tellSoak(title: string, soaks: SoakFigures[]): Table {
  const tell = (figure: (soak: SoakFigures) => string) => soaks.map(figure);
  const firstAndLast = (column: 'heapMb' | 'rssMb') =>
    tell(
      ({ turns }) => `${turns.at(0)?.[column].toFixed(1)} → ${turns.at(-1)?.[column].toFixed(1)}`,
    );
  return {
    title,
    head: ['messages/s · p99 ms', ...tell(({ name }) => name)],
    rows: [
      ...(soaks[0]?.turns ?? []).map((_, index) => [
        `turn ${index + 1}`,
        ...tell(({ turns }) => {
          const { perSecond, p99Ms } = turns[index] ?? { perSecond: Number.NaN, p99Ms: undefined };
          return `${perSecond.toFixed(0)} · ${p99Ms?.toFixed(1) ?? 'fell behind'}`;
        }),
      ]),
      ['p99 of all', ...tell(({ p99Ms }) => p99Ms.toFixed(1))],
      ['heap MB, first and last', ...firstAndLast('heapMb')],
      ['RSS MB, first and last', ...firstAndLast('rssMb')],
      ['lost', ...tell(({ lost }) => String(lost))],
    ],
  };
}

function ratio(value: number, base: number | undefined): string {
  return (value / (base ?? Number.NaN)).toFixed(2);
}
