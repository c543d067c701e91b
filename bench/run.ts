import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import {
  findPostgresBinaries,
  startPostgres,
  type PostgresCluster,
} from '../test/support/store/postgres.ts';
import { measureAcks, type AckFigures } from './measure/acks.ts';
import { compareAnswers } from './measure/answers.ts';
import { measurePage } from './measure/page.ts';
import { measureStarts } from './measure/start.ts';
import { GENERATOR_CORE, pinToCore } from './measure/process-tree.ts';
import { toTables, type Results } from './report/report.ts';
import { printTable } from './report/print-table.ts';
import { soak, soakAtFullRate } from './measure/soak.ts';
import { startContestant, type Contestant } from './start-contestant.ts';
import { writePage } from './report/write-page.ts';

const json = process.argv.includes('--json');
const quick = process.argv.includes('--quick');
const isSoak = process.argv.includes('--soak');
const PARTS = ['acknowledging', 'growth', 'answers', 'start', 'pages'];
/** `--only growth`: that part alone. */
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]
  : undefined;
if (process.argv.includes('--only') && !PARTS.includes(only ?? ''))
  throw new Error(`--only takes one of ${PARTS.join(', ')}.`);
const isWanted = (part: string): boolean => only === undefined || only === part;
const NAIVE = 'naive bot, keeps nothing';
const SQLITE = 'Shopkeeper on SQLite';
const POSTGRES = 'Shopkeeper on PostgreSQL';
/** Accounts, and events of them that were stored before. */
const SIZES = quick
  ? [
      ['1', '0'],
      ['100', '10000'],
    ]
  : [
      ['1', '0'],
      ['100', '0'],
      ['10000', '0'],
      ['1', '100000'],
    ];

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
  const load = { rounds: quick ? 1 : 5, roundMs: quick ? 1_000 : 3_000, connections: 50 };
  try {
    return await measureAcks(contestants, { ...load, progress });
  } finally {
    for (const contestant of contestants) contestant.stop();
  }
}

async function startReceiver(name: string, postgres: PostgresCluster | undefined, size: string[]) {
  const place =
    postgres === undefined
      ? [await newFolder(), '']
      : ['', await postgres.createDatabase(`bench_${size.join('_') || 'receivers'}`)];
  const alsoPid = postgres?.pid();
  return await startContestant(name, 'receiver', { args: [...place, ...size], alsoPid });
}

async function compareReceivers(postgres: PostgresCluster | undefined): Promise<AckFigures[]> {
  return await measure([
    await startContestant('node:http, parses only', 'raw-http'),
    await startContestant('Express, parses only', 'express'),
    await startReceiver(SQLITE, undefined, []),
    ...(postgres ? [await startReceiver(POSTGRES, postgres, [])] : []),
  ]);
}

/** The same receiver with more and more behind it. */
async function measureGrowth(postgres?: PostgresCluster): Promise<AckFigures[]> {
  const contestants: Contestant[] = [];
  for (const size of SIZES) {
    const name = `${size[0]} accounts, ${size[1]} stored events`;
    progress(`preparing ${name}`);
    contestants.push(await startReceiver(name, postgres, size));
  }
  return await measure(contestants);
}

async function measureAnswers(postgres: PostgresCluster | undefined) {
  const folder = await newFolder();
  const url = (await postgres?.createDatabase('bench_answers')) ?? '';
  const alsoPid = postgres?.pid();
  const starts = [
    (api: string) => startContestant(NAIVE, 'naive-bot', { args: [api] }),
    (api: string) => startContestant(SQLITE, 'shopkeeper', { args: [folder, '', api] }),
    (api: string) => startContestant(POSTGRES, 'shopkeeper', { args: ['', url, api], alsoPid }),
  ];
  const options = quick ? { roundMs: 2_000, rates: [100] } : { roundMs: 15_000, rates: [100, 250] };
  return await compareAnswers(postgres ? starts : starts.slice(0, 2), { ...options, progress });
}

async function measurePages() {
  const name = 'account page at 200 000 events';
  const start = async (api: string, pages: number) => {
    const args = [await newFolder(), api, '200000', String(pages)];
    return await startContestant(name, 'account-page', { args });
  };
  return await measurePage(name, start, { rounds: quick ? 1 : 5, progress });
}

async function measureSoaks(
  postgres: PostgresCluster | undefined,
): Promise<NonNullable<Results['soaks']>> {
  // What can be carried for a while, with checkpoints and a vacuum in it, is less than at first.
  const long = { warmUpMs: 60_000, fullRateMs: 10_000, totalMs: 600_000, turns: 10, progress };
  const options = quick
    ? { ...long, warmUpMs: 2_000, fullRateMs: 2_000, totalMs: 12_000, turns: 3 }
    : long;
  const url = (await postgres?.createDatabase('bench_soak')) ?? '';
  const [first, second] = [await newFolder(), await newFolder()];
  const alsoPid = postgres?.pid();
  // What is reachable is told after a collection.
  const flags = ['--expose-gc'];
  // Without the second, Node 24 does little else than collect (findings/node-24-small-heaps-collect-all-the-time.sh).
  const inSmallHeap = [...flags, '--max-old-space-size=128', '--max-semi-space-size=16'];
  const starts = [
    (api: string) => startContestant(NAIVE, 'naive-bot', { args: [api], flags }),
    (api: string) => startContestant(SQLITE, 'shopkeeper', { args: [first, '', api], flags }),
    (api: string) =>
      startContestant(POSTGRES, 'shopkeeper', { args: ['', url, api], alsoPid, flags }),
  ];
  const startInSmallHeap = (api: string) =>
    startContestant(SQLITE, 'shopkeeper', { args: [second, '', api], flags: inSmallHeap });
  return {
    steady: await soak(postgres ? starts : starts.slice(0, 2), options),
    smallHeap: await soakAtFullRate([startInSmallHeap], options),
  };
}

const binaries = await findPostgresBinaries();
const postgres =
  binaries === undefined ? undefined : await startPostgres(binaries, { durable: true });
try {
  const isPinned = pinToCore(process.pid, GENERATOR_CORE);
  const pins = isPinned ? 'server and generator on a core each' : 'no core pinned';
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${pins}`;
  const results: Results = isSoak
    ? { machine, soaks: await measureSoaks(postgres) }
    : {
        machine,
        ...(isWanted('acknowledging') && { receivers: await compareReceivers(postgres) }),
        ...(isWanted('growth') && {
          growth: await measureGrowth(),
          growthOnPostgres: postgres && (await measureGrowth(postgres)),
        }),
        ...(isWanted('answers') && { answers: await measureAnswers(postgres) }),
        ...(isWanted('start') && { starts: await measureStarts(quick ? 2 : 10) }),
        ...(isWanted('pages') && { pages: await measurePages() }),
      };
  progress('');
  const tables = toTables(results);
  if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else {
    process.stdout.write(`${machine}\n`);
    for (const table of Object.values(tables))
      process.stdout.write(`\n${table.title}\n\n${printTable(table)}\n`);
  }
  if (process.argv.includes('--write')) await writePage(results, tables);
} finally {
  await postgres?.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}
