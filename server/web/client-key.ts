import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

/** Some proxies (Azure's, AWS's for raw TCP) write the port of the client behind its address. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/** Who is counted when nobody is named: together they are one client. */
const UNKNOWN = 'unknown';

/**
 * Returns what a limit counts a request under: its address without the port, as IPv4 where it stands for
 * one, and of IPv6 the /56 that a customer of a provider has. What is no address counts as one client, or
 * whoever writes X-Forwarded-For would be a new one each time.
 * @param ip as Express reads it with TRUST_PROXY; undefined when the sender has hung up.
 */
export function clientKey(ip: string | undefined): string {
  const [, v6, v4] = WITH_PORT.exec(ip ?? '') ?? [];
  const [address = ''] = (v6 ?? v4 ?? ip ?? '').split('%', 1);
  return isIP(address) === 0 ? UNKNOWN : ipKeyGenerator(address);
}
