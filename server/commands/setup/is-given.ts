/** A secret may also be in a file of its own, which `{name}_FILE` names. */
export function isGiven(values: Record<string, string>, name: string): boolean {
  return values[name] !== undefined || values[`${name}_FILE`] !== undefined;
}
