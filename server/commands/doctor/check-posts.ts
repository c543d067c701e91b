import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { askUrl, NoAnswerError } from './ask-url.ts';
import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'deliveries';
/** What others post, each incomplete, and the status with which the app itself refuses it. */
const POSTS = [
  { path: '/webhooks/doctor', status: 404 },
  { path: '/remove', status: 400 },
  { path: '/zoom/events', status: 401 },
];
const FIX =
  'Let POST through to /webhooks/, /remove and /zoom/events, unchanged and without a check of the sender, in whatever is in front: a firewall, bot protection, a CDN.';

const OurRefusal = z.strictObject({ error: z.string() });

/** Whether Zendesk and Zoom could post through the public address: some firewalls let only GET pass. */
export async function checkPosts(publicUrl: string, timeoutMs: number): Promise<Finding[]> {
  const found = await Promise.all(
    POSTS.map(async ({ path, status }) => {
      const what = await describeOther(`${publicUrl}${path}`, status, timeoutMs);
      return what === undefined ? [] : [problem(CHECK, `POST ${path} ${what}.`, FIX)];
    }),
  );
  const problems = found.flat();
  return problems.length > 0
    ? problems
    : [ok(CHECK, 'What is posted to the public address reaches the app.')];
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
