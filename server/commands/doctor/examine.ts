import { messageOf } from '../../errors.ts';
import { type Finding, problem } from './finding.ts';
import { within } from '../../timers.ts';

/** Runs a check; whatever goes wrong in it, and however long it takes, becomes a line of the report. */
export async function examine(
  check: string,
  timeoutMs: number,
  work: () => Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    return [await within(timeoutMs, work())].flat();
  } catch (error) {
    return [
      problem(
        check,
        `It could not be looked at: ${explain(error)}.`,
        'Put that right, and run the doctor again.',
      ),
    ];
  }
}

/** Several addresses of one name fail together, each with a message of its own. */
function explain(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return messageOf(first).replace(/\.$/, '');
}
