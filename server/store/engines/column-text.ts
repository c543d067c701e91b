import { z } from 'zod';

/**
 * Text from outside that is looked up or kept as it is: PostgreSQL refuses U+0000, SQLite's driver ends the
 * text there, and half a surrogate pair is not UTF-8.
 */
export const columnText = z
  .string()
  .refine((value) => !value.includes('\u0000') && value.isWellFormed());

/** For sentences of our own, which may quote anything. */
export function replaceNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
