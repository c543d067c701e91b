import { runApp } from '../../start/run-app.ts';
import { startThroughTunnel } from './start-through-tunnel.ts';
import type { OpenTunnel } from './tunnel.ts';

/** The whole command: until Ctrl-C, which closes both. */
export async function runTunnel(
  environment: Record<string, string | undefined>,
  openTunnel: OpenTunnel,
  fileProblems?: readonly string[],
): Promise<void> {
  await runApp(async () => {
    const app = await startThroughTunnel(environment, openTunnel, fileProblems);
    process.stdout.write('\nPUBLIC_URL is the tunnel’s for this run; Ctrl-C closes both.\n');
    return app;
  });
}
