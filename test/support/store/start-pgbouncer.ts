import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findServerUser } from './postgres.ts';
import { findFreePort } from '../process/start-process.ts';
import { waitUntil } from '../wait-until.ts';

export type PgBouncer = Awaited<ReturnType<typeof startPgBouncer>>;

/** A private PgBouncer in front of a private PostgreSQL, with its defaults but for the mode and what is given. */
export async function startPgBouncer(
  program: string,
  given: { target: string; mode: 'transaction' | 'session'; settings?: string },
) {
  const { target, mode, settings = 'default_pool_size = 30' } = given;
  const folder = await mkdtemp(join(tmpdir(), 'shopkeeper-pgbouncer-'));
  const user = await findServerUser();
  const port = await findFreePort();
  const { hostname, port: targetPort, username, pathname } = new URL(target);
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
${pathname.slice(1)} = user=${username} host=${hostname} port=${targetPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
auth_file =
pool_mode = ${mode}
${settings}
`,
  );
  if (user) await chown(folder, user.uid, user.gid);
  const url = new URL(target);
  url.port = String(port);

  async function start(): Promise<ChildProcess> {
    const child = spawn(program, ['-q', file], { ...user, stdio: 'ignore' });
    await waitUntil('PgBouncer answers', async () => {
      const client = new pg.Client({ connectionString: url.href });
      client.on('error', () => {});
      return client.connect().then(
        () => client.end().then(() => true),
        () => false,
      );
    });
    return child;
  }

  async function stop(child: ChildProcess): Promise<void> {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  let child = await start();
  return {
    url: url.href,
    /** As on a deployment: every connection is cut. */
    async restart(): Promise<void> {
      await stop(child);
      child = await start();
    },
    async close(): Promise<void> {
      await stop(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
