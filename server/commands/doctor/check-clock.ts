import { sql } from 'kysely';
import { readDate } from '../../remote-error.ts';
import type { CommandDatabase } from '../engine-commands.ts';
import { askUrl, NoAnswerError } from './ask-url.ts';
import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'clock';
/** A Date header is up to a second old, and nobody notices this much. */
const TOLERANCE_MS = 5_000;

/** Compares with another computer's clock, by the Date header of whatever it answers. */
export async function checkClockOf(
  name: string,
  url: string,
  options: { timeoutMs: number; now: () => number },
): Promise<Finding> {
  try {
    const { headers } = await askUrl(url, { method: 'HEAD', timeoutMs: options.timeoutMs });
    const theirs = readDate(headers.get('date') ?? '');
    if (theirs === undefined) return ok(CHECK, `${name} does not tell the time.`);
    return compare(name, theirs - options.now());
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    return problem(
      CHECK,
      `${name} (${new URL(url).host}) ${error.message}.`,
      'Allow this machine to open https connections to it.',
    );
  }
}

export async function checkDatabaseClock(
  { kysely }: Pick<CommandDatabase, 'kysely'>,
  now: () => number,
): Promise<Finding> {
  const { rows } = await sql<{
    ms: string;
  }>`select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(kysely);
  return compare('the database', Number(rows[0]?.ms) - now());
}

function compare(name: string, aheadMs: number): Finding {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) <= TOLERANCE_MS) return ok(CHECK, `It agrees with ${name}.`);
  return problem(
    CHECK,
    `This machine is ${seconds} s ${aheadMs > 0 ? 'behind' : 'ahead of'} ${name}.`,
    'Let it follow a time server (NTP); sign-ins, pauses and alarms depend on it.',
  );
}
