import { nameSecret } from '../shared/secret-names.ts';

/** Where a secret was, in a text of ours, stands its name between these brackets. */
const [OPEN, CLOSE] = ['⟦', '⟧'];
const MASKED = /⟦([A-Z_]+)⟧/;

const SCHEME = /^(?:bearer|basic) /i;

/** Each has to be looked for, and customers may write what they like into metadata. */
const MAX_SECRETS = 100;

export function mask(name: string): string {
  return `${OPEN}${name}${CLOSE}`;
}

/** In what others wrote the brackets become ordinary ones, so that nobody can forge a mask. */
export function disarmMasks(text: string): string {
  return text.replaceAll(OPEN, '[').replaceAll(CLOSE, ']');
}

/** The text between masks and the names in them, by turns: text, name, text, name, text. */
export function splitAtMasks(text: string): string[] {
  return text.split(MASKED);
}

/** For people: that something was there, but neither what nor how much. */
export function showMasks(text: string): string {
  return splitAtMasks(text)
    .map((part, index) => (index % 2 === 0 ? part : '•••'))
    .join('');
}

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
