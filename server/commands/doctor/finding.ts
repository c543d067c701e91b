import { messageOf } from '../../errors.ts';
import { within } from '../../timers.ts';

/** One line of the report. */
export interface Finding {
  check: string;
  /** Only a problem makes the command fail; advice is for later, or for taste. */
  status: 'ok' | 'advice' | 'problem' | 'skipped';
  text: string;
  /** What to do, for advice and problems. */
  fix?: string;
}

export function ok(check: string, text: string): Finding {
  return { check, status: 'ok', text };
}

export function skipped(check: string, text: string): Finding {
  return { check, status: 'skipped', text };
}

export function advice(check: string, text: string, fix: string): Finding {
  return { check, status: 'advice', text, fix };
}

export function problem(check: string, text: string, fix: string): Finding {
  return { check, status: 'problem', text, fix };
}

/** One line each, and a last one that counts. What others named must not steer the terminal. */
export function describeFindings(findings: readonly Finding[]): string {
  const lines = findings.map(({ check, status, text, fix }) => {
    const remedy = fix === undefined ? '' : ` → ${fix}`;
    return `${status.padEnd(8)} ${`${check}: ${text}${remedy}`.replace(/[\s\p{Cc}]+/gu, ' ')}`;
  });
  const problems = findings.filter(({ status }) => status === 'problem').length;
  const total =
    problems === 0 ? 'No problem found.' : `${problems} problem${problems === 1 ? '' : 's'} found.`;
  return [...lines, '', total].join('\n');
}

/**
 * A report in the making: `add` runs a check, and whatever goes wrong in it, and however long it takes,
 * becomes a line.
 */
export function collectFindings() {
  const findings: Finding[] = [];
  async function add(
    check: string,
    timeoutMs: number,
    work: () => Promise<Finding | Finding[]>,
  ): Promise<void> {
    try {
      findings.push(...[await within(timeoutMs, work())].flat());
    } catch (error) {
      const text = `It could not be looked at: ${explain(error)}.`;
      findings.push(problem(check, text, 'Put that right, and run the doctor again.'));
    }
  }
  return { findings, add };
}

/** Several addresses of one name fail together, each with a message of its own. */
function explain(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return messageOf(first).replace(/\.$/, '');
}
