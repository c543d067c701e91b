import type { FieldChange } from './store/connection-history.ts';

/** Of all fields of a form those that are different now. */
export function listChanges(fields: readonly FieldChange[]): FieldChange[] {
  return fields.filter(({ from, to }) => from !== to);
}
