import type { Log } from '../log.ts';

/** The same log, with details that every line carries. */
export function addLogDetails(log: Log, all: object): Log {
  return {
    debug: (details, message) => log.debug({ ...all, ...details }, message),
    info: (details, message) => log.info({ ...all, ...details }, message),
    warn: (details, message) => log.warn({ ...all, ...details }, message),
    error: (details, message) => log.error({ ...all, ...details }, message),
  };
}
