import { describeStart } from '../../start/describe-start.ts';
import { explainFailure } from '../../errors.ts';
import { stopOnSignal } from '../../start/stop-on-signal.ts';
import { startThroughTunnel } from './start-through-tunnel.ts';
import { type OpenTunnel, TunnelError } from './tunnel.ts';

/** The whole command: until Ctrl-C, which closes both. */
export async function runTunnel(
  environment: Record<string, string | undefined>,
  openTunnel: OpenTunnel,
): Promise<void> {
  try {
    const { app, stop } = await startThroughTunnel(environment, openTunnel);
    process.stdout.write(describeStart(app));
    process.stdout.write('  PUBLIC_URL is the tunnel’s for this run; Ctrl-C closes both.\n\n');
    stopOnSignal(stop, app.log);
    await app.begin();
  } catch (error) {
    const failed = error instanceof TunnelError ? '' : 'Shopkeeper could not start. ';
    process.stderr.write(`\n${failed}${explainFailure(error)}\n`);
    process.exit(1);
  }
}
