/** Names of fields and headers that hold a secret, without case, `-` and `_`, and what to call it. */
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
const SUSPICIOUS = /token$|secret|password|apikey|authorization|cookie|verifier|signature/;

const SCHEME = /^(?:bearer|basic) /i;

/** The secrets of a call to or from Zendesk, found by the names they go under: value → what to call it. */
export function findSecrets(call: {
  url: string;
  headers: Record<string, string>;
  bodies: readonly (string | null)[];
}): Map<string, string> {
  const found = new Map<string, string>();
  function look(name: string, value: unknown, isParameter = false): void {
    const secretName = nameSecret(name, isParameter);
    if (secretName === undefined || typeof value !== 'string') return;
    const secret = value.replace(SCHEME, '');
    if (secret !== '') found.set(secret, secretName);
  }

  for (const [name, value] of new URL(call.url).searchParams) look(name, value, true);
  for (const [name, value] of Object.entries(call.headers)) look(name, value);
  for (const body of call.bodies) {
    const isTokenRequest = body?.includes('"grant_type"') ?? false;
    parseJson(body, (name, value) => look(name, value, isTokenRequest));
  }
  return found;
}

function nameSecret(name: string, isParameter: boolean): string | undefined {
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '');
  const known = NAMES.get(plain) ?? (isParameter ? PARAMETER_NAMES.get(plain) : undefined);
  return known ?? (SUSPICIOUS.test(plain) ? 'SECRET' : undefined);
}

function parseJson(text: string | null, visit: (name: string, value: unknown) => void): void {
  if (text === null) return;
  try {
    JSON.parse(text, (name, value: unknown) => {
      visit(name, value);
      return value;
    });
  } catch {
    // Not JSON: it has no fields.
  }
}
