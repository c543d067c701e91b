import { z } from 'zod';
import { type Answer, askUrl, NoAnswerError } from './ask-url.ts';
import { type Finding, ok, problem } from './finding.ts';
import { parseJson } from '../../parse-json.ts';

const CHECK = 'public address';
const Health = z.object({ status: z.literal('ok') });

export interface Where {
  publicUrl: string;
  port: number;
  timeoutMs: number;
}

/** Whether the app answers under its public name, as far as this machine can see. */
export async function checkAnswer(where: Where): Promise<Finding> {
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
async function locate({ port, timeoutMs }: Where, what: string): Promise<Finding> {
  const local = await askUrl(`http://localhost:${port}/healthz`, { timeoutMs }).catch(
    () => undefined,
  );
  if (local !== undefined && isHealthy(local)) {
    return problem(
      CHECK,
      `${what}, although the app answers on port ${port} of this machine.`,
      `Let the proxy forward to port ${port}, or correct PUBLIC_URL.`,
    );
  }
  return problem(
    CHECK,
    `${what}, and the app does not run on port ${port} of this machine.`,
    'Start it with `npm start`, and run the doctor again meanwhile.',
  );
}

function isHealthy({ status, text }: Answer): boolean {
  return status === 200 && Health.safeParse(parseJson(text)).success;
}
