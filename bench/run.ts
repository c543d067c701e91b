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
import { measureEndToEnd, type EndToEndFigures } from './measure-end-to-end.ts';
import { measureStart, type StartFigures } from './measure-start.ts';
import { printTable } from './print-table.ts';
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
  progress('end to end');
  const conversations = 50;
  const endToEnd = [
    await measureEndToEnd({ conversations, perConversation: quick ? 3 : 20, thinkMs: 1_000 }),
    await measureEndToEnd({ conversations, perConversation: quick ? 10 : 40, thinkMs: 0 }),
  ];
  progress('start and memory');
  const start = await measureStart(quick ? 2 : 5);
  progress('');

  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
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
  endToEnd: EndToEndFigures[],
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
  const lines = [
    machine,
    printTable('Acknowledging deliveries, 50 connections', head, receivers.map(row)),
    printTable('The same receiver on SQLite as it fills', head, growth.map(row)),
    printTable(
      'End to end: delivery in, reply stored',
      ['customers in parallel', 'messages', 'per second', 'p50 ms', 'p99 ms'],
      endToEnd.map((figures) => [
        figures.customers,
        String(figures.messages),
        figures.perSecond.toFixed(0),
        figures.p50Ms.toFixed(1),
        figures.p99Ms.toFixed(1),
      ]),
    ),
    printTable(
      'Start',
      ['boot to ready', 'idle memory'],
      [[`${start.readyMs.toFixed(0)} ms`, `${start.idleRssMb.toFixed(0)} MB`]],
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
