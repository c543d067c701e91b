import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { findProjectRoot } from '../server/config/env-file.ts';
import { pinToCore, readCpuMicros, SERVER_CORE } from './measure/process-tree.ts';

const Started = z.object({
  port: z.number(),
  hooks: z.array(z.object({ path: z.string(), key: z.string() })),
  /** Of an account, and whoever may see it. */
  page: z.object({ path: z.string(), cookies: z.array(z.string()) }).optional(),
});
const Usage = z.object({ cpuMicros: z.number(), rssMb: z.number(), heapMb: z.number() });

export type Contestant = Awaited<ReturnType<typeof startContestant>>;

export interface ContestantOptions {
  args?: string[];
  /** For Node. */
  flags?: string[];
  /** Of a server that works for the contestant: its CPU counts as well. */
  alsoPid?: number | undefined;
}

/** The compiled server of bench/servers of that name. */
export const serverFile = (server: string): string =>
  join(findProjectRoot(), 'dist', 'bench', 'servers', `${server}.js`);

/** Starts a server of bench/servers as a process of its own, on a core of its own where that can be had. */
export async function startContestant(
  name: string,
  server: string,
  { args = [], flags = [], alsoPid }: ContestantOptions = {},
) {
  const child = fork(serverFile(server), args, { execArgv: flags, stdio: 'inherit' });
  const pid = child.pid ?? 0;
  pinToCore(pid, SERVER_CORE);
  const failed = once(child, 'exit').then(() => {
    throw new Error(`${name} ended before it was measured.`);
  });
  failed.catch(() => {});
  const ask = async () => Promise.race([once(child, 'message'), failed]);
  const [first] = await ask();
  const { port, hooks, page } = Started.parse(first);

  return {
    name,
    port,
    hooks: hooks.length > 0 ? hooks : [{ path: '/webhooks/bench', key: 'bench' }],
    page,
    /** Rejects when it ends by itself. */
    failed,
    /** What it has used until now; with `tidy up` after it has cleaned up behind the last round. */
    async usage(request: 'usage' | 'tidy up' = 'usage') {
      child.send(request);
      const [message] = await ask();
      const usage = Usage.parse(message);
      const ofOthers = alsoPid === undefined ? 0 : await readCpuMicros(alsoPid);
      return { ...usage, cpuMicros: usage.cpuMicros + ofOthers };
    },
    stop(): void {
      child.disconnect();
    },
  };
}
