type Environment = Record<string, string | undefined>;

/**
 * The values as they were meant: without space around them (the CR of a Windows file, a byte order mark),
 * and without one pair of quotes, which `docker run --env-file` and secret files leave in place. What is empty
 * counts as absent, because that is how an untouched line of `.env` looks.
 */
export function tidyValues(environment: Environment): Record<string, string> {
  const tidied = Object.entries(environment).flatMap(([name, value]) => {
    const meant = tidyValue(value ?? '');
    return meant === '' ? [] : [[name, meant] as const];
  });
  return Object.fromEntries(tidied);
}

export function tidyValue(value: string): string {
  const trimmed = value.trim();
  return (/^(['"`])([\s\S]*)\1$/.exec(trimmed)?.[2] ?? trimmed).trim();
}

/** Without any quote at either end: of a list in which every entry has its own, the outermost are gone. */
export function withoutQuotes(entry: string): string {
  return entry.replace(/^['"`]+|['"`]+$/g, '');
}

/** Whether a tidied value still begins or ends with a quote, which is mostly half of a pair. */
export function keepsQuote(value: string): boolean {
  return /^['"`]|['"`]$/.test(value);
}
