import { codeOf } from '../../errors.ts';

/** `foreign_key_violation` as PostgreSQL and SQLite say it. */
const CODES = new Set<string | undefined>(['23503', 'SQLITE_CONSTRAINT_FOREIGNKEY']);

/** Whether a write failed because the row it belongs to is gone, for example a removed installation. */
export function isForeignKeyViolation(error: unknown): boolean {
  return CODES.has(codeOf(error));
}
