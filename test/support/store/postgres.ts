import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, chown, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findFreePort } from '../process/start-process.ts';

const run = promisify(execFile);
const INSTALL_FOLDER = '/usr/lib/postgresql';
const READY_WITHIN_MS = 30_000;

export interface PostgresCluster {
  /** Of the database `postgres`, with the rights to create others. */
  url: string;
  /** Of the postmaster, whose children are the server's other processes. */
  pid(): number | undefined;
  /** An empty database; answers its URL. */
  createDatabase(name: string): Promise<string>;
  /** Stops it as a crash would, and starts it again on the same port and data. */
  crash(): Promise<void>;
  /** Until `start`; `fast` says good-bye to every client, `immediate` does not. */
  pause(mode: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  /** Gives it a file that only its owner may read, such as a private key. */
  own(path: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The folder of the programs of the server in TEST_POSTGRES_BIN, or else of the newest that is installed;
 * undefined when there is none.
 */
export async function findPostgresBinaries(): Promise<string | undefined> {
  const given = process.env['TEST_POSTGRES_BIN'];
  if (given) return given;
  const versions = await readdir(INSTALL_FOLDER).catch(() => []);
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
  for (const version of newestFirst) {
    const binaries = join(INSTALL_FOLDER, version, 'bin');
    const complete = await access(join(binaries, 'initdb')).then(
      () => true,
      () => false,
    );
    if (complete) return binaries;
  }
  return undefined;
}

/**
 * The files of a server that was never started. What initdb makes is the same each time, and takes it a second,
 * so that those of TEST_POSTGRES_CLUSTER are copied where a run has some.
 */
export async function createCluster(binaries: string) {
  const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-postgres-'));
  const user = await findServerUser();
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const made = process.env['TEST_POSTGRES_CLUSTER'];
  const args = ['-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
  await (made === undefined
    ? run(join(binaries, 'initdb'), ['-D', data, ...args], { ...user, cwd: folder })
    : run('cp', ['-a', made, data], { ...user, cwd: folder }));
  return { folder, data, user };
}

/** A private server on a loopback port. Without `durable` it does not wait for the disk. */
export async function startPostgres(
  binaries: string,
  { durable = false } = {},
): Promise<PostgresCluster> {
  const { folder, data, user } = await createCluster(binaries);
  const options = { ...user, cwd: folder };
  const port = await findFreePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    ...(durable
      ? []
      : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off']),
  ];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const logFile = join(folder, 'server.log');
  async function startServer(): Promise<ChildProcess> {
    const log = await open(logFile, 'a');
    const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    const started = spawn(join(binaries, 'postgres'), args, {
      ...options,
      stdio: ['ignore', log.fd, log.fd],
    });
    await log.close();
    try {
      await waitUntilReady(url, started);
    } catch (error) {
      await stopServer(started, 'SIGINT');
      const output = await readFile(logFile, 'utf8');
      throw new Error(`PostgreSQL did not start:\n${output}`, { cause: error });
    }
    return started;
  }

  let server = await startServer();
  return {
    url,
    pid: () => server.pid,
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return url.replace(/postgres$/, name);
    },
    async crash() {
      await stopServer(server, 'SIGQUIT');
      server = await startServer();
    },
    pause: (mode) => stopServer(server, mode === 'fast' ? 'SIGINT' : 'SIGQUIT'),
    async start() {
      server = await startServer();
    },
    async own(path) {
      if (user) await chown(path, user.uid, user.gid);
    },
    async stop() {
      await stopServer(server, 'SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server refuses to run as root; Debian's package brings the user `postgres`. */
export async function findServerUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([
    run('id', ['-u', 'postgres']),
    run('id', ['-g', 'postgres']),
  ]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

async function waitUntilReady(url: string, server: ChildProcess): Promise<void> {
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (server.exitCode !== null || performance.now() > giveUpAt) throw error;
      await sleep(50);
    }
  }
}

/** SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave. SIGQUIT just ends. */
async function stopServer(server: ChildProcess, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (server.exitCode !== null) return;
  const exited = once(server, 'exit');
  server.kill(signal);
  await exited;
}
