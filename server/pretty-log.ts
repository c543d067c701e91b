import { styleText } from 'node:util';
import { z } from 'zod';

type Colour = Parameters<typeof styleText>[0];

/** pino's numbers. */
const LEVELS = new Map<number, [name: string, colour: Colour]>([
  [10, ['TRACE', 'gray']],
  [20, ['DEBUG', 'gray']],
  [30, ['INFO', 'green']],
  [40, ['WARN', 'yellow']],
  [50, ['ERROR', 'red']],
  [60, ['FATAL', 'red']],
]);

const Line = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default('') });
const Failure = z.looseObject({ stack: z.string() });

/**
 * A line of the JSON log as people read it on a terminal: time, level, message, details, and below it the
 * stack of an error with those of its causes.
 */
export function prettify(json: string): string {
  const { level, time, msg, ...details } = Line.parse(JSON.parse(json));
  const [name, colour] = LEVELS.get(level) ?? [String(level), 'gray'];
  const { error, ...rest } = details;
  const facts = Object.entries(rest).map(([key, value]) => `${key}=${show(value)}`);
  const clock = new Date(time).toLocaleTimeString('en-GB');
  const head = [styleText('gray', clock), styleText(colour, name.padEnd(5)), harmless(msg)];
  if (facts.length > 0) head.push(styleText('gray', facts.join(' ')));
  return [head.join(' '), ...describeError(error), ''].join('\n');
}

function describeError(error: unknown): string[] {
  if (error === undefined) return [];
  const failure = Failure.safeParse(error).data;
  if (failure === undefined) return [`    ${show(error)}`];
  const stack = failure.stack.split('\n').map((line) => `    ${harmless(line)}`);
  const cause = describeError(failure['cause']);
  return cause.length === 0 ? stack : [...stack, '    caused by', ...cause];
}

function show(value: unknown): string {
  return harmless(typeof value === 'string' ? value : JSON.stringify(value));
}

/** What others wrote must not steer the terminal. */
function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
