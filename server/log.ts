import { pino, type DestinationStream, type Logger } from 'pino';
import { codeOf, messageOf } from './errors.ts';
import type { Feature, Terminal } from './features/feature.ts';
import { soundsSecret } from './secrets.ts';

/** Where the parts of the app, and the handlers of the bot, write what its operator should know. */
export interface Log {
  debug: (details: object, message: string) => void;
  info: (details: object, message: string) => void;
  warn: (details: object, message: string) => void;
  error: (details: object, message: string) => void;
}

/** The same log, with details that every line carries. */
export function addLogDetails(log: Log, all: object): Log {
  const add = (details: object) => ({ ...all, ...nameError(details) });
  return {
    debug: (details, message) => log.debug(add(details), message),
    info: (details, message) => log.info(add(details), message),
    warn: (details, message) => log.warn(add(details), message),
    error: (details, message) => log.error(add(details), message),
  };
}

/** Of an error in the place of details only what a library attached to it would be left. */
const nameError = (details: object): object =>
  details instanceof Error ? { error: details } : details;

/** Of what waits to be written: what is more is lost. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/** Lines of JSON, on standard output if not elsewhere. */
export function createLog(level: string, destination: DestinationStream = openOutput()): Logger {
  const formatters = { log: describe };
  // Pino's own writes all that an error carries.
  const serializers = { err: (described: unknown) => described };
  return pino({ level, formatters, serializers, errorKey: 'error', base: null }, destination);
}

/** Lines wait while the disk behind it is full, say. The app goes on meanwhile, and may end. */
function openOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, maxLength: MOST_WAITING_BYTES });
  const flush = output.flushSync.bind(output);
  output.on('error', () => {
    // What pino does at the end would try again for ever.
    output.flushSync = () => {};
  });
  output.on('drain', () => {
    output.flushSync = flush;
  });
  return output;
}

/** Of every line: of two things under one name its readers take the last. */
const OWN_NAMES = new Set(['level', 'time', 'msg']);

/** The details of a line. `error` is whatever was thrown. */
function describe(details: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]: [string, unknown]) => {
      if (name === 'error' && value !== undefined) return [name, describeError(value)];
      return [OWN_NAMES.has(name) ? `${name}_` : name, hideSecret(name, value, 1)];
    }),
  );
}

/** A secret that is logged by mistake is not written, whether it is a detail of a line or within one. */
function hideSecret(name: string, value: unknown, levels: number): unknown {
  if (name === 'state' || soundsSecret(name)) return '[Redacted]';
  // Before what is plain: those of libsql call themselves `[object Object]`.
  if (value instanceof Error) return describeError(value);
  if (levels === 0 || !isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, hideSecret(key, inner, levels - 1)]),
  );
}

/** What shows a developer what the app says, if there is such a feature and somebody looks on. */
export function findTerminal(
  features: readonly Pick<Feature, 'terminal'>[],
  config: { production: boolean; logLevel: string },
): Terminal | undefined {
  return features.flatMap(({ terminal }) => terminal?.(config) ?? [])[0];
}

const isPlain = (value: unknown): value is object =>
  Object.prototype.toString.call(value) === '[object Object]';

/** Of an error, one below the other; some lead back to where they began. */
const MOST_CAUSES = 10;

/** Only what is known to be harmless: libraries attach whole responses to errors, and with them tokens. */
function describeError(error: unknown, causesLeft = MOST_CAUSES): object {
  if (!(error instanceof Error)) return { message: messageOf(error) };
  const { name, stack, cause } = error;
  const inner =
    cause instanceof Error && causesLeft > 0 ? describeError(cause, causesLeft - 1) : undefined;
  return { name, message: messageOf(error), code: codeOf(error), stack, cause: inner };
}
