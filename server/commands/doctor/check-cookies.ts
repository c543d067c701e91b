import { diagnosisCookie } from './diagnosis.ts';
import type { Told } from './diagnosis.ts';
import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'cookies';
const FIX =
  'Let whatever is in front pass cookies through unchanged, in both directions; some hosts pass one name only.';

/** A cookie set under the public address has to come back to the app, or every sign-in is lost. */
export async function checkCookies(
  publicUrl: string,
  first: Told,
  askAgain: (cookie: string) => Promise<Told | undefined>,
): Promise<Finding> {
  const {
    name,
    options: { secure },
  } = diagnosisCookie(publicUrl);
  const arrived = first.setCookies.find((line) => line.startsWith(`${name}=`));
  const [pair = ''] = arrived?.split(';') ?? [];
  const isComplete = !secure || /;\s*secure/i.test(arrived ?? '');
  if (arrived === undefined || !isComplete) {
    const what = arrived === undefined ? 'does not arrive' : 'arrives without Secure';
    return problem(CHECK, `A cookie that the app sets ${what}.`, FIX);
  }
  const second = await askAgain(pair);
  if (second?.diagnosis.cookie !== pair.slice(name.length + 1))
    return problem(CHECK, 'A cookie that the browser sends does not reach the app.', FIX);
  return ok(CHECK, 'A cookie set under the public address comes back to the app.');
}
