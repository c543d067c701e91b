import type { OpenTunnel } from '../../../server/commands/tunnel/run-tunnel.ts';
import { FORWARDED, startProxy } from './start-proxy.ts';

/** A tunnel that is a reverse proxy on another port of this machine. */
export const openProxyTunnel: OpenTunnel = async ({ address }) => {
  const proxy = await startProxy({ target: `http://${address}`, headers: FORWARDED });
  return { url: proxy.url, close: async () => proxy.close() };
};
