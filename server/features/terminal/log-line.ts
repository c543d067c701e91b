import { styleText } from 'node:util';
import { z } from 'zod';
import { drawLine, harmless } from './draw.ts';

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
/** What `npm run dev` made of a file that was changed. */
const Change = z.looseObject({ change: z.enum(['taken', 'failed']) });

/**
 * A line of the JSON log as people read it on a terminal: time, level, message, details, and below it the
 * stack of an error with those of its causes.
 */
export function drawLogLine(json: string, toldOtherwise: readonly string[]): string {
  const { level, time, msg, ...details } = Line.parse(JSON.parse(json));
  if (toldOtherwise.includes(msg)) return '';
  const change = Change.safeParse(details).data;
  if (change !== undefined) return drawChange(time, msg, change.change);
  const [name, colour] = LEVELS.get(level) ?? [String(level), 'gray'];
  const { error, ...rest } = details;
  const facts = Object.entries(rest).map(([key, value]) => `${key}=${show(value)}`);
  const clock = new Date(time).toLocaleTimeString('en-GB');
  const head = [styleText('gray', clock), styleText(colour, name.padEnd(5)), harmless(msg)];
  if (facts.length > 0) head.push(styleText('gray', facts.join(' ')));
  return [head.join(' '), ...describeFailure(error), ''].join('\n');
}

function describeFailure(error: unknown): string[] {
  if (error === undefined) return [];
  const failure = Failure.safeParse(error).data;
  if (failure === undefined) return [`    ${show(error)}`];
  const stack = failure.stack.split('\n').map((line) => `    ${harmless(line)}`);
  const cause = describeFailure(failure['cause']);
  return cause.length === 0 ? stack : [...stack, '    caused by', ...cause];
}

function show(value: unknown): string {
  return harmless(typeof value === 'string' ? value : JSON.stringify(value));
}

function drawChange(at: number, text: string, change: 'taken' | 'failed'): string {
  const [first = '', ...rest] = text.split('\n');
  const mark = change === 'taken' ? 'swapped' : 'failed';
  const below = rest.map((line) => drawLine({ mark: 'below', text: line }));
  return [drawLine({ at, mark, text: first }), ...below].join('');
}
