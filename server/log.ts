import { pino, type DestinationStream, type Logger } from 'pino';
import { codeOf } from './errors.ts';

/** Where the parts of the app, and the handlers of the bot, write what its operator should know. */
export interface Log {
  info: (details: object, message: string) => void;
  warn: (details: object, message: string) => void;
  error: (details: object, message: string) => void;
}

/** Should one of these ever be logged by mistake, it is not. */
const SECRET_FIELDS = [
  'access_token',
  'refresh_token',
  'client_secret',
  'clientSecret',
  'token',
  'secret',
  'state',
  'authorization',
  'cookie',
];

/** JSON lines on standard output; `pretty` for people. */
export function createLog(options: {
  level: string;
  pretty: boolean;
  destination?: DestinationStream;
}): Logger {
  const redact = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const settings = {
    level: options.level,
    redact,
    serializers: { error: describeError },
    base: null,
  };
  if (options.destination !== undefined) return pino(settings, options.destination);
  if (!options.pretty) return pino(settings);
  return pino({
    ...settings,
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } },
  });
}

/**
 * Only what we know to be harmless: the properties that libraries attach to errors can hold whole
 * responses, and with them tokens.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error))
    return { message: typeof error === 'string' ? error : 'not an Error' };
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    code: codeOf(error),
    stack,
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  };
}
