import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../../server/features/postgres/open.ts';
import { findProgram } from '../../support/process/find-program.ts';
import {
  findPostgresBinaries,
  startPostgres,
  type PostgresCluster,
} from '../../support/store/postgres.ts';
import { postgresIsAvailable } from '../../support/store/engines.ts';
import { runCommand } from '../../support/process/run-command.ts';
import { startFleet, type Fleet } from '../../support/process/start-fleet.ts';
import { startPgBouncer, type PgBouncer } from '../../support/store/start-pgbouncer.ts';
import { startProcess, findFreePort } from '../../support/process/start-process.ts';
import { talkToFleet } from '../../support/process/talk-to-fleet.ts';
import { waitUntil } from '../../support/wait-until.ts';

const CUSTOMERS = 8;
const program = findProgram('pgbouncer');

describe.runIf(program !== undefined && postgresIsAvailable)(
  'behind PgBouncer',
  { timeout: 180_000 },
  () => {
    let cluster: PostgresCluster;
    let pooler: PgBouncer;
    let fleet: Fleet | undefined;

    beforeAll(async () => {
      const binaries = await findPostgresBinaries();
      if (binaries === undefined) throw new Error('This test needs a PostgreSQL of its own.');
      cluster = await startPostgres(binaries);
    });
    afterAll(() => cluster.stop());
    afterEach(async () => {
      await fleet?.close();
      fleet = undefined;
      await pooler.close();
    });

    it.each([
      ['transaction', 'with DATABASE_DIRECT_URL'],
      ['session', 'with one address'],
    ] as const)(
      'in %s mode, %s, two instances answer each acknowledged event once while it restarts',
      async (mode, _how) => {
        const target = await cluster.createDatabase(mode);
        pooler = await startPgBouncer(program ?? '', { target, mode });
        const settings: Record<string, string> =
          mode === 'transaction' ? { DATABASE_DIRECT_URL: target } : {};
        fleet = await startFleet({ databaseUrl: pooler.url, instances: 2, settings });
        const talk = talkToFleet(fleet, await fleet.install(), { customers: CUSTOMERS });
        const talkOn = async () => {
          const before = talk.acknowledged();
          await waitUntil(
            'customers talk',
            () => talk.acknowledged() > before + 3 * CUSTOMERS,
            60_000,
          );
        };

        await talkOn();
        await pooler.restart();
        await talkOn();
        await talk.stop();

        await talk.expectEveryoneAnsweredOnce();
        const { output } = await runCommand('doctor', {
          environment: { SANDBOX: '1', DATABASE_URL: pooler.url, ...settings },
        });
        expect(output).toContain('PostgreSQL answers, and every migration has run');
      },
    );

    it('that takes no more clients, an instance goes on with the connections it has got', async () => {
      const settings = 'max_client_conn = 4';
      const given = { target: cluster.url, mode: 'session', settings } as const;
      pooler = await startPgBouncer(program ?? '', given);
      const said: string[] = [];
      const place = { databaseUrl: pooler.url, dataDir: '' };
      const database = openPostgres(place, (sentence) => void said.push(sentence));
      await Promise.all(Array.from({ length: 20 }, () => database.ping()));
      await database.close();
      expect(said).toEqual([expect.stringContaining('no room for another connection')]);
    });

    it('in transaction mode, without DATABASE_DIRECT_URL, the start says what to set', async () => {
      pooler = await startPgBouncer(program ?? '', { target: cluster.url, mode: 'transaction' });
      const environment = {
        PORT: String(await findFreePort()),
        SANDBOX: '1',
        DATABASE_URL: pooler.url,
      };

      const app = startProcess(environment);

      expect(await app.exited).toBe(1);
      expect(app.output()).toContain(
        'Set DATABASE_DIRECT_URL to the address of PostgreSQL itself.',
      );
      const { exitCode, output } = await runCommand('doctor', { environment });
      expect(exitCode).toBe(1);
      expect(output).toContain('Set DATABASE_DIRECT_URL');
    });
  },
);
