import { soundsSecret } from '../../secrets.ts';

/** Names of fields and headers that hold a secret, without case, space, `-` and `_`, and what to call it. */
const NAMES = new Map([
  ['authorization', 'TOKEN'],
  ['accesstoken', 'TOKEN'],
  ['refreshtoken', 'REFRESH_TOKEN'],
  ['clientsecret', 'CLIENT_SECRET'],
  ['secret', 'WEBHOOK_SECRET'],
  ['xapikey', 'WEBHOOK_SECRET'],
  // Whoever has it is the host of the meeting (Zoom, create a meeting).
  ['starturl', 'HOST_LINK'],
]);
/** Secrets only as parameters of OAuth: elsewhere a `code` says what went wrong. */
const PARAMETER_NAMES = new Map([
  ['code', 'CODE'],
  ['state', 'STATE'],
]);

/** What to call the secret that goes under a name; undefined when none does. */
export function nameSecret(name: string, isParameter = false): string | undefined {
  const plain = name.toLowerCase().replaceAll(/[-_ ]/g, '');
  const known = NAMES.get(plain) ?? (isParameter ? PARAMETER_NAMES.get(plain) : undefined);
  return known ?? (soundsSecret(name) ? 'SECRET' : undefined);
}

/**
 * A stored payload as JSON for people. Zendesk's own payloads hold one thing to hide, the
 * `pushNotificationToken` of a customer's device (OpenAPI Client); what a bot or a channel puts into
 * metadata is unknown, so whatever is named like a secret is hidden.
 */
export function redactPayload(payload: string, indent = 0): string {
  try {
    return JSON.stringify(JSON.parse(payload), hideSecret, indent);
  } catch (error) {
    // JSON.stringify calls itself for each level.
    if (error instanceof RangeError) return JSON.stringify('Nested too deeply to be shown.');
    throw error;
  }
}

function hideSecret(name: string, value: unknown): unknown {
  return nameSecret(name) !== undefined && value !== null ? '[hidden]' : value;
}
