import { styleText } from 'node:util';
import { pino, type DestinationStream, type Logger } from 'pino';
import { z } from 'zod';
import { codeOf, messageOf } from './errors.ts';
import { SECRET_FIELDS } from './secrets.ts';

/** Where the parts of the app, and the handlers of the bot, write what its operator should know. */
export interface Log {
  debug: (details: object, message: string) => void;
  info: (details: object, message: string) => void;
  warn: (details: object, message: string) => void;
  error: (details: object, message: string) => void;
}

/** The same log, with details that every line carries. */
export function addLogDetails(log: Log, all: object): Log {
  return {
    debug: (details, message) => log.debug({ ...all, ...details }, message),
    info: (details, message) => log.info({ ...all, ...details }, message),
    warn: (details, message) => log.warn({ ...all, ...details }, message),
    error: (details, message) => log.error({ ...all, ...details }, message),
  };
}

/** JSON lines on standard output; `pretty`: for people, less the messages that they are told otherwise. */
export function createLog(options: {
  level: string;
  pretty: boolean;
  toldOtherwise?: readonly string[];
  destination?: DestinationStream;
}): Logger {
  const { level, pretty, toldOtherwise = [], destination = pino.destination(1) } = options;
  // Should one of these ever be logged by mistake, it is not.
  const redact = SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`]);
  const settings = { level, redact, serializers: { error: describeError }, base: null };
  const lines = pretty
    ? { write: (line: string) => destination.write(prettify(line, toldOtherwise)) }
    : destination;
  return pino(settings, lines);
}

/**
 * Only what we know to be harmless: the properties that libraries attach to errors can hold whole
 * responses, and with them tokens.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error))
    return { message: typeof error === 'string' ? error : 'not an Error' };
  const { name, stack, cause } = error;
  return {
    name,
    message: messageOf(error),
    code: codeOf(error),
    stack,
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  };
}

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
function prettify(json: string, toldOtherwise: readonly string[]): string {
  const { level, time, msg, ...details } = Line.parse(JSON.parse(json));
  if (toldOtherwise.includes(msg)) return '';
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

/** What others wrote must not steer the terminal. */
export function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
