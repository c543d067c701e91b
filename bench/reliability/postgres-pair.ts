import { findProgram } from '../../test/support/process/find-program.ts';
import { runServer } from '../../test/support/process/run-server.ts';
import { serve } from '../../test/support/network/serve.ts';
import { findFreePort } from '../../test/support/process/start-process.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { createNode, type PostgresNode } from './postgres-node.ts';

/**
 * A primary, a synchronous standby, and HAProxy in front, which leads to whoever is primary. Here we are
 * what Patroni is elsewhere: we answer HAProxy's health checks, promote, and make the old one a standby.
 */
export async function startPair(binaries: string) {
  const haproxy = findProgram('haproxy');
  if (!haproxy) throw new Error('A failover needs HAProxy.');
  let [primary, standby] = [await createNode(binaries, 'red'), await createNode(binaries, 'blue')];
  await primary.startAsPrimary();
  await attachStandby();
  const checks = await Promise.all([primary, standby].map(answerHealthChecks));
  const port = await findFreePort();
  const servers = checks.map(
    ({ node, checkPort }) =>
      `server ${node.name} 127.0.0.1:${node.port} check port ${checkPort} inter 100 fall 1 rise 1 on-marked-down shutdown-sessions`,
  );
  const proxy = await runServer({
    program: haproxy,
    args: (folder) => ['-db', '-f', `${folder}/haproxy.cfg`],
    files: {
      'haproxy.cfg': [...CONFIGURATION, `bind 127.0.0.1:${port}`, ...servers, ''].join('\n'),
    },
    port,
  });

  /** A commit waits for a standby from here on; while there is none it would wait for ever. */
  async function attachStandby(): Promise<void> {
    await standby.startAsStandbyOf(primary);
    await primary.query(`alter system set synchronous_standby_names = '${standby.name}'`);
    await primary.query('select pg_reload_conf()');
    await waitUntil('the standby is synchronous', async () => {
      const [row] = await primary.query('select sync_state from pg_stat_replication');
      return row?.['sync_state'] === 'sync';
    });
  }

  async function answerHealthChecks(node: PostgresNode) {
    const { port: checkPort, close } = await serve((_request, response) => {
      response.writeHead(node === primary ? 200 : 503).end();
    });
    return { node, checkPort, close };
  }

  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    /** `kill -9` of the primary; the standby takes over. */
    async failOver(): Promise<void> {
      await primary.kill();
      [primary, standby] = [standby, primary];
      await primary.query(`alter system set synchronous_standby_names = ''`);
      await primary.promote();
      await primary.query('select pg_reload_conf()');
    },
    attachStandby,
    async close(): Promise<void> {
      await proxy.stop();
      for (const { close } of checks) close();
      await Promise.all([primary.remove(), standby.remove()]);
    },
  };
}

const CONFIGURATION = [
  'defaults',
  'mode tcp',
  'timeout connect 2s',
  'timeout client 1h',
  'timeout server 1h',
  'listen postgres',
  'option httpchk GET /primary',
];
