import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { findProjectRoot } from '../server/config/env-file.ts';
import {
  findPostgresBinaries,
  startPostgres,
  type PostgresCluster,
} from '../test/support/postgres.ts';
import { drawChart } from './draw-chart.ts';
import { measureAcks, type AckFigures } from './measure-acks.ts';
import { compareAnswers } from './compare-answers.ts';
import type { AnswerFigures } from './measure-answers.ts';
import { measureStart, type StartFigures } from './measure-start.ts';
import { printTable } from './print-table.ts';
import { pinToCore } from './process-tree.ts';
import { startContestant, type Contestant } from './start-contestant.ts';

const json = process.argv.includes('--json');
const quick = process.argv.includes('--quick');
const rounds = quick ? 1 : 5;
const load = { rounds, roundMs: quick ? 1_000 : 3_000, connections: 50, progress };

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else process.stderr.write(`${text}\n`);
}

const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-bench-'));
  folders.push(folder);
  return folder;
}

async function measure(contestants: Contestant[]): Promise<AckFigures[]> {
  try {
    return await measureAcks(contestants, load);
  } finally {
    for (const contestant of contestants) contestant.stop();
  }
}

async function compareReceivers(postgres: PostgresCluster | undefined): Promise<AckFigures[]> {
  const contestants = [
    await startContestant('node:http, parses only', 'raw-http'),
    await startContestant('Express, parses only', 'express'),
    await startContestant('Shopkeeper on SQLite', 'receiver', [await newFolder()]),
  ];
  if (postgres !== undefined) {
    const url = await postgres.createDatabase('bench_receivers');
    contestants.push(await startContestant('Shopkeeper on PostgreSQL', 'receiver', ['', url]));
  }
  return await measure(contestants);
}

/** The same receiver on SQLite, with more and more behind it. */
async function measureGrowth(): Promise<AckFigures[]> {
  const sizes = quick
    ? [
        ['1', '0'],
        ['100', '10000'],
      ]
    : [
        ['1', '0'],
        ['100', '0'],
        ['10000', '0'],
        ['1', '100000'],
        ['1', '1000000'],
      ];
  const contestants: Contestant[] = [];
  for (const [installations = '1', events = '0'] of sizes) {
    progress(`preparing ${installations} installations, ${events} stored events`);
    const name = `${installations} installations, ${events} stored events`;
    contestants.push(
      await startContestant(name, 'receiver', [await newFolder(), '', installations, events]),
    );
  }
  return await measure(contestants);
}

const postgresBinaries = await findPostgresBinaries();
const postgres =
  postgresBinaries === undefined
    ? undefined
    : await startPostgres(postgresBinaries, { durable: true });
try {
  const receivers = await compareReceivers(postgres);
  const growth = await measureGrowth();
  // The generator and the stand-in on one core, the server on the other.
  const isPinned = pinToCore(process.pid, 1);
  const endToEnd = await compareAnswers({
    ...(quick ? { roundMs: 2_000, rates: [100] } : { roundMs: 15_000, rates: [100, 250] }),
    postgres,
    newFolder,
    progress,
  });
  progress('start and memory');
  const start = await measureStart(quick ? 2 : 5);
  progress('');

  const pins = isPinned ? 'server and generator on a core each' : 'no core pinned';
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${pins}`;
  if (json)
    process.stdout.write(
      `${JSON.stringify({ machine, receivers, growth, endToEnd, start }, null, 2)}\n`,
    );
  else report(machine, receivers, growth, endToEnd, start);
  if (process.argv.includes('--chart')) {
    const bars = receivers.map(({ name, acksPerSecond }) => ({
      label: name,
      value: acksPerSecond,
      text: `${Math.round(acksPerSecond)} /s`,
      ours: name.startsWith('Shopkeeper'),
    }));
    const file = join(findProjectRoot(), 'docs', 'performance.svg');
    await writeFile(file, drawChart('Deliveries acknowledged per second', bars));
  }
} finally {
  await postgres?.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

function report(
  machine: string,
  receivers: AckFigures[],
  growth: AckFigures[],
  endToEnd: AnswerFigures[],
  start: StartFigures,
): void {
  const [raw, express] = receivers;
  const ratio = (value: number, base: number | undefined) =>
    (value / (base ?? Number.NaN)).toFixed(2);
  const row = (figures: AckFigures) => [
    figures.name,
    figures.acksPerSecond.toFixed(0),
    ratio(figures.acksPerSecond, express?.acksPerSecond),
    ratio(figures.acksPerSecond, raw?.acksPerSecond),
    figures.p50Ms.toFixed(1),
    figures.p99Ms.toFixed(1),
    figures.cpuMicrosPerAck.toFixed(0),
    ratio(figures.cpuMicrosPerAck, raw?.cpuMicrosPerAck),
    figures.rssMb.toFixed(0),
  ];
  const head = [
    '',
    'acks/s',
    '× Express',
    '× node:http',
    'p50 ms',
    'p99 ms',
    'CPU µs/ack',
    '× node:http',
    'RSS MB',
  ];
  const [naive] = endToEnd;
  const rateHead = (naive?.atRate ?? []).flatMap(({ rate }) => [`p50 at ${rate}/s`, 'p99 ms']);
  const answerRow = (figures: AnswerFigures) => [
    figures.name,
    figures.answersPerSecond.toFixed(0),
    ratio(figures.answersPerSecond, naive?.answersPerSecond),
    figures.cpuMicrosPerAnswer.toFixed(0),
    ratio(figures.cpuMicrosPerAnswer, naive?.cpuMicrosPerAnswer),
    figures.rssMb.toFixed(0),
    ratio(figures.rssMb, naive?.rssMb),
    ...figures.atRate.flatMap(({ p50Ms, p99Ms }) => [p50Ms.toFixed(1), p99Ms.toFixed(1)]),
  ];
  const lines = [
    machine,
    printTable('Acknowledging deliveries, 50 connections', head, receivers.map(row)),
    printTable('The same receiver on SQLite as it fills', head, growth.map(row)),
    printTable(
      'From delivery to reply, 50 customers without a pause, then at fixed rates',
      ['', 'answers/s', '× naive', 'CPU µs/answer', '× naive', 'RSS MB', '× naive', ...rateHead],
      endToEnd.map(answerRow),
    ),
    printTable(
      'Start',
      ['boot to ready', 'idle memory'],
      [[`${start.readyMs.toFixed(0)} ms`, `${start.idleRssMb.toFixed(0)} MB`]],
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
