import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findPostgresBinaries, startPostgres } from '../../test/support/store/postgres.ts';
import { startFleet, type Fleet } from '../../test/support/process/start-fleet.ts';
import { startPair } from './postgres-pair.ts';
import { NOTHING, startTalking, sum, type Verdict } from './talk.ts';

/** Every so many rounds all are heard out and counted, and others talk on. */
const ROUNDS_A_TALK = 50;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' } },
});
const [scenario = ''] = positionals;
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);

async function needBinaries(): Promise<string> {
  const binaries = await findPostgresBinaries();
  if (!binaries) throw new Error('This needs PostgreSQL: run `apt-get install postgresql`.');
  return binaries;
}

/** Between 50 and 350 ms, so that every moment of a message's way has its turn. */
const aMoment = () => sleep(50 + Math.random() * 300);

async function repeat(
  fleet: Fleet,
  count: number,
  strike: (round: number) => Promise<void>,
): Promise<Verdict> {
  const installed = await fleet.install();
  let total = NOTHING;
  for (let done = 0; done < count;) {
    const talk = startTalking(fleet, installed);
    const until = Math.min(done + ROUNDS_A_TALK, count);
    for (; done < until; done++) {
      await aMoment();
      await strike(done);
    }
    total = sum([total, await talk.stop()]);
    process.stderr.write(`${until} of ${count}: ${JSON.stringify(total)}\n`);
  }
  return total;
}

async function killApp(fleet: Fleet, round: number): Promise<void> {
  const index = round % fleet.targets.length;
  await fleet.kill(index);
  await fleet.restart(index);
}

const scenarios: Record<string, (count?: number) => Promise<Verdict>> = {
  async sqlite(count = 1_000) {
    const dataDir = await mkdtemp(join(tmpdir(), 'shopkeeper-reliability-'));
    const settings = { DATA_DIR: dataDir };
    const fleet = await startFleet({ databaseUrl: '', instances: 1, settings });
    try {
      return await repeat(fleet, count, (round) => killApp(fleet, round));
    } finally {
      await fleet.close();
      await rm(dataDir, { recursive: true });
    }
  },
  async postgres(count = 1_000) {
    const cluster = await startPostgres(await needBinaries(), { durable: true });
    const fleet = await startFleet({ databaseUrl: cluster.url, instances: 2 });
    try {
      return await repeat(fleet, count, (round) => killApp(fleet, round));
    } finally {
      await fleet.close();
      await cluster.stop();
    }
  },
  async 'postgres-killed'(count = 100) {
    const cluster = await startPostgres(await needBinaries(), { durable: true });
    const fleet = await startFleet({ databaseUrl: cluster.url, instances: 2 });
    try {
      return await repeat(fleet, count, () => cluster.crash());
    } finally {
      await fleet.close();
      await cluster.stop();
    }
  },
  async failover(count = 20) {
    const pair = await startPair(await needBinaries());
    const fleet = await startFleet({ databaseUrl: pair.url, instances: 2 });
    try {
      return await repeat(fleet, count, async () => {
        await pair.failOver();
        await pair.attachStandby();
      });
    } finally {
      await fleet.close();
      await pair.close();
    }
  },
};

const run = scenarios[scenario];
if (!run || (rounds !== undefined && !(rounds > 0))) {
  console.error(
    `Usage: npm run reliability -- ${Object.keys(scenarios).join('|')} [--rounds number]`,
  );
  process.exit(2);
}
const started = performance.now();
const verdict = await run(rounds);
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(JSON.stringify({ scenario, rounds, minutes, ...verdict }));
const isSound = verdict.lost + verdict.doubled + verdict.outOfOrder === 0;
process.exit(isSound ? 0 : 1);
