/** Names of fields and headers that hold a secret, without case, space, `-` and `_`, and what to call it. */
const NAMES = new Map([
  ['authorization', 'TOKEN'],
  ['accesstoken', 'TOKEN'],
  ['refreshtoken', 'REFRESH_TOKEN'],
  ['clientsecret', 'CLIENT_SECRET'],
  ['secret', 'WEBHOOK_SECRET'],
  ['xapikey', 'WEBHOOK_SECRET'],
]);
/** Secrets only as parameters of OAuth: elsewhere a `code` says what went wrong. */
const PARAMETER_NAMES = new Map([
  ['code', 'CODE'],
  ['state', 'STATE'],
]);
/** Whatever else sounds like one. */
const SUSPICIOUS =
  /tokens?$|secret|passw|apikey|authori[sz]ation|cookie|credential|jwt|verifier|signature/;

const SCHEME = /^(?:bearer|basic) /i;

/** Each has to be looked for, and customers may write what they like into metadata. */
const MAX_SECRETS = 100;

/**
 * The secrets of a call to or from Zendesk, found by the names they go under: value → what to call it.
 * `isComplete` is false when the bodies may hold others: too many, or nested too deeply.
 */
export function findSecrets(call: {
  url: string;
  headers: Record<string, string>;
  bodies: readonly (string | null)[];
}): { found: Map<string, string>; isComplete: boolean } {
  const found = new Map<string, string>();
  function look(name: string, value: unknown, isParameter = false): void {
    const secretName = nameSecret(name, isParameter);
    if (secretName === undefined || typeof value !== 'string') return;
    const secret = value.replace(SCHEME, '');
    if (secret !== '') found.set(secret, secretName);
  }

  for (const [name, value] of new URL(call.url).searchParams) look(name, value, true);
  for (const [name, value] of Object.entries(call.headers)) look(name, value);
  const isComplete = call.bodies.every((body) => {
    const isTokenRequest = body?.includes('"grant_type"') ?? false;
    return walkJson(body, (name, value) => {
      if (found.size <= MAX_SECRETS) look(name, value, isTokenRequest);
    });
  });
  return { found, isComplete: isComplete && found.size <= MAX_SECRETS };
}

/** What to call the secret that goes under a name; undefined when none does. */
export function nameSecret(name: string, isParameter = false): string | undefined {
  const plain = name.toLowerCase().replaceAll(/[-_ ]/g, '');
  const known = NAMES.get(plain) ?? (isParameter ? PARAMETER_NAMES.get(plain) : undefined);
  return known ?? (SUSPICIOUS.test(plain) ? 'SECRET' : undefined);
}

/** False when the text is JSON that is nested too deeply to be walked. */
function walkJson(text: string | null, visit: (name: string, value: unknown) => void): boolean {
  if (text === null) return true;
  try {
    JSON.parse(text, (name, value: unknown) => {
      visit(name, value);
      return value;
    });
    return true;
  } catch (error) {
    // What is not JSON has no fields.
    return !(error instanceof RangeError);
  }
}
