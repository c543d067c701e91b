import { z } from 'zod';
import { features } from '../../features.ts';
import { parseJson } from '../../parse-json.ts';
import { findOriginMismatch } from './arrival.ts';
import { askUrl, NoAnswerError } from './ask-url.ts';
import { diagnosisCookie, MADE_UP_ADDRESS, type Told } from './diagnosis.ts';
import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'proxy';

/** Whether what stands in front of the app and TRUST_PROXY agree about host, protocol and visitors. */
export function checkProxy(diagnosis: Told['diagnosis']): Finding {
  const { publicUrl, seen, trusted, address, forwardedFor } = diagnosis;
  const hasProxy = forwardedFor !== MADE_UP_ADDRESS;
  const mismatch = findOriginMismatch(diagnosis, publicUrl);
  if (mismatch === 'untrusted-proxy' || (hasProxy && !trusted)) {
    return problem(
      CHECK,
      `A proxy stands in front, but TRUST_PROXY does not cover it: the app sees ${seen}, and all visitors as one for the rate limits.`,
      'Set TRUST_PROXY to the number of proxies (mostly 1) or to their addresses, and restart the app.',
    );
  }
  if (mismatch === 'another-protocol') {
    return problem(
      CHECK,
      `The app sees ${seen}, because the proxy in front does not send X-Forwarded-Proto.`,
      'Let it: `proxy_set_header X-Forwarded-Proto $scheme;` in nginx.',
    );
  }
  if (mismatch === 'another-host') {
    return problem(
      CHECK,
      `The app sees ${seen}, because the proxy in front changes the host and does not send X-Forwarded-Host.`,
      'Let it keep the host: `proxy_set_header Host $host;` in nginx.',
    );
  }
  if (address === MADE_UP_ADDRESS) {
    return problem(
      CHECK,
      'The app believes whatever address a visitor writes into X-Forwarded-For: rate limits can be avoided.',
      hasProxy
        ? 'Set TRUST_PROXY to the number of proxies that are really in front, and restart the app.'
        : 'No proxy adds X-Forwarded-For here: leave TRUST_PROXY empty, and restart the app.',
    );
  }
  return ok(CHECK, `The app sees ${seen}, as PUBLIC_URL says.`);
}

const COOKIES = 'cookies';
const PASS_COOKIES =
  'Let whatever is in front pass cookies through unchanged, in both directions; some hosts pass one name only.';

/** A cookie set under the public address has to come back to the app, or every sign-in is lost. */
export async function checkCookies(
  publicUrl: string,
  first: Told,
  askAgain: (cookie: string) => Promise<Told | undefined>,
): Promise<Finding> {
  const { name, options } = diagnosisCookie(publicUrl);
  const arrived = first.setCookies.find((line) => line.startsWith(`${name}=`));
  const [pair = ''] = arrived?.split(';') ?? [];
  const isComplete = !options.secure || /;\s*secure/i.test(arrived ?? '');
  if (arrived === undefined || !isComplete) {
    const what = arrived === undefined ? 'does not arrive' : 'arrives without Secure';
    return problem(COOKIES, `A cookie that the app sets ${what}.`, PASS_COOKIES);
  }
  const second = await askAgain(pair);
  if (second?.diagnosis.cookie !== pair.slice(name.length + 1))
    return problem(
      COOKIES,
      'A cookie that the browser sends does not reach the app.',
      PASS_COOKIES,
    );
  return ok(COOKIES, 'A cookie set under the public address comes back to the app.');
}

const DELIVERIES = 'deliveries';
/** What others post, each incomplete, and the status with which the app itself refuses it. */
const POSTS = [
  { path: '/webhooks/doctor', status: 404 },
  ...features.flatMap(({ posts = [] }) => posts),
];
const PASS_POSTS = `Let POST through to ${POSTS.map(({ path }) => path.replace('doctor', '')).join(', ')}, unchanged and without a check of the sender, in whatever is in front: a firewall, bot protection, a CDN.`;

const OurRefusal = z.strictObject({ error: z.string() });

/** Whether Zendesk and other services could post through the public address: some firewalls let only GET pass. */
export async function checkPosts(publicUrl: string, timeoutMs: number): Promise<Finding[]> {
  const found = await Promise.all(
    POSTS.map(async ({ path, status }) => {
      const what = await describeOther(`${publicUrl}${path}`, status, timeoutMs);
      return what === undefined ? [] : [problem(DELIVERIES, `POST ${path} ${what}.`, PASS_POSTS)];
    }),
  );
  const problems = found.flat();
  return problems.length > 0
    ? problems
    : [ok(DELIVERIES, 'What is posted to the public address reaches the app.')];
}

/** Undefined when the app itself answered. */
async function describeOther(
  url: string,
  expected: number,
  timeoutMs: number,
): Promise<string | undefined> {
  try {
    const { status, text } = await askUrl(url, {
      timeoutMs,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': 'doctor' },
      body: '{}',
    });
    const isOurs = status === expected && OurRefusal.safeParse(parseJson(text)).success;
    return isOurs ? undefined : `is answered with status ${status} by something else than the app`;
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    return error.message;
  }
}
