/** JSON of an object, key by key: each value as JSON text, so that nobody can change it by accident. */
export type Entries = ReadonlyMap<string, string>;

/** One `set` or `clear`: the keys with their new values as JSON; null deletes one. */
export interface Change {
  /** Whether everything that was there goes first. */
  isClear: boolean;
  values: ReadonlyMap<string, string | null>;
}

/** What `set` was given, as it is stored: undefined and null delete a key. @throws TypeError */
export function readChange(given: object): Change {
  const values = Object.entries(given).map(([key, value]: [string, unknown]) => {
    if (value === undefined || value === null) return [key, null] as const;
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined)
      throw new TypeError(`A ${typeof value} cannot be remembered as “${key}”: JSON has none.`);
    return [key, text] as const;
  });
  return { isClear: false, values: new Map(values) };
}

export const CLEAR: Change = { isClear: true, values: new Map() };

export function applyChanges(stored: Entries, changes: readonly Change[]): Entries {
  let entries = new Map(stored);
  for (const { isClear, values } of changes) {
    if (isClear) entries = new Map();
    for (const [key, text] of values) {
      if (text === null) entries.delete(key);
      else entries.set(key, text);
    }
  }
  return entries;
}

export function readEntries(json: string): Entries {
  const value: Record<string, unknown> = JSON.parse(json);
  return new Map(Object.entries(value).map(([key, one]) => [key, JSON.stringify(one)]));
}

export function writeEntries(entries: Entries): string {
  const members = [...entries].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
  return `{${members.join(',')}}`;
}

/** A new one each time. */
export function toObject(entries: Entries): object {
  return JSON.parse(writeEntries(entries));
}

/** Bytes of the JSON. */
export function sizeOf(entries: Entries): number {
  return Buffer.byteLength(writeEntries(entries));
}
