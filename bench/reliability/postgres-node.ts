import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findServerUser } from '../../test/support/store/postgres.ts';
import { findFreePort } from '../../test/support/process/start-process.ts';
import { waitUntil } from '../../test/support/wait-until.ts';

const run = promisify(execFile);

export type PostgresNode = Awaited<ReturnType<typeof createNode>>;

/** One of a pair of PostgreSQL servers with streaming replication; it keeps its port when it is made anew. */
export async function createNode(binaries: string, name: string) {
  const folder = await mkdtemp(join(tmpdir(), `shopkeeper-${name}-`));
  const user = await findServerUser();
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const logFile = join(folder, 'server.log');
  const port = await findFreePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const options = { ...user, cwd: folder };
  let server: ChildProcess | undefined;

  async function query(sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function start(): Promise<void> {
    const log = await open(logFile, 'a');
    const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories='];
    const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    const started = spawn(join(binaries, 'postgres'), args, {
      ...options,
      stdio: ['ignore', log.fd, log.fd],
    });
    await log.close();
    server = started;
    await waitUntil(`${name} takes queries`, async () => {
      if (started.exitCode !== null) throw new Error(await readFile(logFile, 'utf8'));
      return query('select 1').catch(() => undefined);
    });
  }

  async function kill(): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  return {
    name,
    port,
    url,
    query,
    kill,
    async startAsPrimary(): Promise<void> {
      const flags = [
        '-D',
        data,
        '-U',
        'postgres',
        '--auth=trust',
        '--encoding=UTF8',
        '--no-locale',
      ];
      await run(join(binaries, 'initdb'), flags, options);
      await start();
    },
    /** Throws away what it had. */
    async startAsStandbyOf(primary: { port: number }): Promise<void> {
      await waitUntil(`${name}'s processes have ended`, () =>
        rm(data, { recursive: true, force: true }).then(
          () => true,
          () => false,
        ),
      );
      const from = `host=127.0.0.1 port=${primary.port} user=postgres application_name=${name}`;
      const flags = ['-D', data, '-d', from, '--write-recovery-conf', '--checkpoint=fast'];
      await run(join(binaries, 'pg_basebackup'), flags, options);
      await start();
    },
    promote: () => query('select pg_promote()'),
    async remove(): Promise<void> {
      await kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
