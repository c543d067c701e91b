import { runTunnel } from '../../server/commands/tunnel/run-tunnel.ts';
import { openProxyTunnel } from './open-proxy-tunnel.ts';

/** Run as a process of its own: the tunnel command, with a proxy in the place of ngrok. */
await runTunnel(process.env, openProxyTunnel);
