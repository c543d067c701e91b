import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { type Config, localAddress } from '../../config/load-config.ts';
import { isLoopback } from '../../config/values.ts';
import { parseJson } from '../../parse-json.ts';
import { within } from '../../timers.ts';
import { type Answer, askHere, askUrl, NoAnswerError } from './ask-url.ts';
import { checkCookies, checkPosts, checkProxy } from './check-proxy.ts';
import { askDiagnosis } from './diagnosis.ts';
import { advice, type Finding, ok, problem, skipped } from './finding.ts';

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

/** From the name to the cookie; what cannot be told after a failure is left out. */
export async function examinePublicAddress(options: {
  config: Config;
  /** Undefined: nothing signed can be asked. */
  sessionSecret: string | undefined;
  /** Calls go out through a proxy, which looks names up that this machine need not know. */
  isBehindProxy: boolean;
  timeoutMs: number;
  now: () => number;
}): Promise<Finding[]> {
  const { config, sessionSecret: secret, timeoutMs, now } = options;
  const { publicUrl, host, port } = config;
  const localZendesk = config.sandbox !== null || isLoopback(new URL(config.zendesk.oauthUrl));
  const address = await resolveName(publicUrl, timeoutMs);
  if (address === undefined && !options.isBehindProxy) {
    const text = `The name ${new URL(publicUrl).hostname} does not resolve.`;
    return [problem(CHECK, text, 'Compare PUBLIC_URL with the DNS record of your domain.')];
  }
  const answer = await checkAnswer({ publicUrl, host, port, timeoutMs });
  const found =
    address === undefined ? [answer] : [checkAddress(publicUrl, { address, localZendesk }), answer];
  if (answer.status !== 'ok')
    return [...found, skipped('proxy and cookies', 'They can be seen only while the app answers.')];
  if (secret === undefined)
    return [...found, skipped('proxy and cookies', 'They can be seen only with SESSION_SECRETS.')];

  const ask = (cookie?: string) => askDiagnosis({ publicUrl, secret, timeoutMs, now, cookie });
  const told = await ask();
  if (told === undefined) {
    const text = `Another app answers at ${publicUrl}, or this one with other SESSION_SECRETS.`;
    const fix = 'Restart the app, so that it knows the present .env; or correct PUBLIC_URL.';
    return [...found, problem(CHECK, text, fix)];
  }
  if (told.diagnosis.publicUrl !== publicUrl) {
    const text = `The app at ${publicUrl} runs with PUBLIC_URL=${told.diagnosis.publicUrl}.`;
    const fix = `Restart it; or if it should be so, as behind a tunnel: PUBLIC_URL=${told.diagnosis.publicUrl} npm run doctor`;
    return [...found, problem(CHECK, text, fix)];
  }
  return [
    ...found,
    checkProxy(told.diagnosis),
    await checkCookies(publicUrl, told, ask),
    ...(await checkPosts(publicUrl, timeoutMs)),
  ];
}

/** The address behind the name of PUBLIC_URL; undefined when there is none, or no answer in time. */
async function resolveName(publicUrl: string, timeoutMs: number): Promise<string | undefined> {
  const { hostname } = new URL(publicUrl);
  const found = await within(timeoutMs, lookup(hostname.replace(/^\[|\]$/g, ''))).catch(
    () => undefined,
  );
  return found?.address;
}

/** Whether Zendesk could follow the name. `localZendesk`: a stand-in on this machine could. */
function checkAddress(
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

const Health = z.object({ status: z.literal('ok') });

interface Where {
  publicUrl: string;
  /** Where the app listens: see localAddress. */
  host: string | undefined;
  port: number;
  timeoutMs: number;
}

/** Whether the app answers under its public name, as far as this machine can see. */
async function checkAnswer(where: Where): Promise<Finding> {
  const { publicUrl, timeoutMs } = where;
  try {
    const answer = await askUrl(`${publicUrl}/healthz`, { timeoutMs });
    if (isHealthy(answer)) return ok(CHECK, `${publicUrl} answers.`);
    return await explainOther(where, answer);
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    return await locate(where, `${publicUrl} ${error.message}`);
  }
}

async function explainOther(where: Where, { status, headers }: Answer): Promise<Finding> {
  const location = headers.get('location');
  if (location !== null) {
    const { origin } = new URL(location, where.publicUrl);
    const fix = `Set PUBLIC_URL to ${origin} if that is where the app is.`;
    return problem(CHECK, `${where.publicUrl} redirects to ${origin}.`, fix);
  }
  if (status >= 500)
    return await locate(where, `${where.publicUrl} answers with status ${status}: a proxy in vain`);
  return problem(
    CHECK,
    `Something else than this app answers at ${where.publicUrl} (status ${status}).`,
    'Look which program or page has that address, or correct PUBLIC_URL.',
  );
}

/** The app may run here and only the way to it be broken. */
async function locate({ host, port, timeoutMs }: Where, what: string): Promise<Finding> {
  const address = localAddress({ host, port });
  const local = await askHere(`http://${address}/healthz`, { timeoutMs }).catch(() => undefined);
  if (local !== undefined && isHealthy(local)) {
    return problem(
      CHECK,
      `${what}, although the app answers at ${address}.`,
      `Let the proxy forward to ${address}, or correct PUBLIC_URL.`,
    );
  }
  return problem(
    CHECK,
    `${what}, and the app does not run at ${address}.`,
    'Start it with `npm start`, and run the doctor again meanwhile.',
  );
}

function isHealthy({ status, text }: Answer): boolean {
  return status === 200 && Health.safeParse(parseJson(text)).success;
}
