import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const Started = z.object({
  port: z.number(),
  hooks: z.array(z.object({ path: z.string(), key: z.string() })),
});
const Usage = z.object({ cpuMicros: z.number(), rssMb: z.number() });

export type Contestant = Awaited<ReturnType<typeof startContestant>>;

/** Starts a server of bench/servers as a process of its own. */
export async function startContestant(name: string, server: string, args: string[] = []) {
  const script = fileURLToPath(new URL(`./servers/${server}.ts`, import.meta.url));
  const child = fork(script, args, { execArgv: ['--import', 'tsx'], stdio: 'inherit' });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`${name} ended before it was measured.`);
  });
  failed.catch(() => {});
  const ask = async () => Promise.race([once(child, 'message'), failed]);
  const [first] = await ask();
  const { port, hooks } = Started.parse(first);

  return {
    name,
    pid: child.pid ?? 0,
    port,
    hooks: hooks.length > 0 ? hooks : [{ path: '/webhooks/bench', key: 'bench' }],
    /** What it has used until now; with `tidy up` after it has cleaned up behind the last round. */
    async usage(request: 'usage' | 'tidy up' = 'usage') {
      child.send(request);
      const [usage] = await ask();
      return Usage.parse(usage);
    },
    stop(): void {
      child.disconnect();
    },
  };
}
