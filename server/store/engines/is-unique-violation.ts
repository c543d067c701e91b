import { codeOf } from '../../errors.ts';

/** `unique_violation` as PostgreSQL and SQLite say it. */
const CODES = new Set<string | undefined>(['23505', 'SQLITE_CONSTRAINT_UNIQUE']);

/** Whether a write failed because another row has the same name. */
export function isUniqueViolation(error: unknown): boolean {
  return CODES.has(codeOf(error));
}
