import type { OpenTunnel } from '../../server/commands/tunnel/tunnel.ts';
import { FORWARDED, startProxy } from './start-proxy.ts';

/** A tunnel that is a reverse proxy on another port of this machine. */
export const openProxyTunnel: OpenTunnel = async ({ port }) => {
  const proxy = await startProxy({ target: `http://127.0.0.1:${port}`, headers: FORWARDED });
  return { url: proxy.url, close: async () => proxy.close() };
};
