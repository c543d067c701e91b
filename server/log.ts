import { pino, type DestinationStream, type Logger } from 'pino';
import { codeOf, messageOf } from './errors.ts';
import { prettify } from './pretty-log.ts';
import { SECRET_FIELDS } from './secret-names.ts';

/** Where the parts of the app, and the handlers of the bot, write what its operator should know. */
export interface Log {
  debug: (details: object, message: string) => void;
  info: (details: object, message: string) => void;
  warn: (details: object, message: string) => void;
  error: (details: object, message: string) => void;
}

/** JSON lines on standard output; `pretty`: for people. */
export function createLog(options: {
  level: string;
  pretty: boolean;
  destination?: DestinationStream;
}): Logger {
  const { level, pretty, destination = pino.destination(1) } = options;
  // Should one of these ever be logged by mistake, it is not.
  const redact = SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`]);
  const settings = { level, redact, serializers: { error: describeError }, base: null };
  const lines = pretty
    ? { write: (line: string) => destination.write(prettify(line)) }
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
