import type { z } from 'zod';
import { Diagnosis, DIAGNOSIS_PATH, signDiagnosis } from '../../web/diagnosis.ts';
import { askUrl } from './ask-url.ts';
import { parseJson } from '../../parse-json.ts';

/** Reserved for documentation (RFC 5737): nobody has it, so whoever believes it believes anything. */
export const MADE_UP_ADDRESS = '192.0.2.1';

export interface Told {
  diagnosis: z.infer<typeof Diagnosis>;
  setCookies: string[];
}

/**
 * What the running app saw of a request to its public address; undefined when whoever answers does not
 * know our session secret.
 * @throws NoAnswerError
 */
export async function askDiagnosis(options: {
  publicUrl: string;
  secret: string;
  timeoutMs: number;
  now: () => number;
  cookie?: string;
}): Promise<Told | undefined> {
  const { headers, text } = await askUrl(`${options.publicUrl}${DIAGNOSIS_PATH}`, {
    timeoutMs: options.timeoutMs,
    headers: {
      Authorization: signDiagnosis(options.secret, options.now()),
      'X-Forwarded-For': MADE_UP_ADDRESS,
      ...(options.cookie === undefined ? {} : { Cookie: options.cookie }),
    },
  });
  const diagnosis = Diagnosis.safeParse(parseJson(text)).data;
  return diagnosis === undefined ? undefined : { diagnosis, setCookies: headers.getSetCookie() };
}
