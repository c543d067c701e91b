import { describeStart } from '../../describe-start.ts';
import { explainStartFailure } from '../../explain-start-failure.ts';
import { stopOnSignal } from '../../stop-on-signal.ts';
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
    const explained = error instanceof TunnelError ? `\n${error.message}\n` : undefined;
    process.stderr.write(explained ?? explainStartFailure(error));
    process.exit(1);
  }
}
