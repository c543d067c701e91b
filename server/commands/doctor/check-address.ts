import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { advice, type Finding, ok, problem } from './finding.ts';
import { within } from '../../timers.ts';

const CHECK = 'public address';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  PRIVATE.addSubnet(network, bits);
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

/** The address behind the name of PUBLIC_URL; undefined when there is none, or no answer in time. */
export async function resolveName(
  publicUrl: string,
  timeoutMs: number,
): Promise<string | undefined> {
  const { hostname } = new URL(publicUrl);
  const found = await within(timeoutMs, lookup(hostname.replace(/^\[|\]$/g, ''))).catch(
    () => undefined,
  );
  return found?.address;
}

/** Whether Zendesk could follow the name. `localZendesk`: a stand-in on this machine could. */
export function checkAddress(
  publicUrl: string,
  { address, localZendesk }: { address: string; localZendesk: boolean },
): Finding {
  const { hostname, host } = new URL(publicUrl);
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (!localZendesk && LOOPBACK.check(address, family)) {
    return problem(
      CHECK,
      `PUBLIC_URL is ${host}, which Zendesk cannot reach.`,
      'Set PUBLIC_URL to a public https address, or run `npm run tunnel`.',
    );
  }
  if (!localZendesk && PRIVATE.check(address, family)) {
    return advice(
      CHECK,
      `${hostname} resolves to ${address}, an address of this network only.`,
      'Make sure that it resolves to a public address elsewhere: Zendesk has to reach it.',
    );
  }
  return ok(CHECK, `${hostname} resolves to ${address}.`);
}
