import { AppError } from '../errors.ts';

/** What came back to a redirect URI; what is missing or empty is null. */
export interface CallbackAnswer {
  code: string | null;
  state: string | null;
  error: string | null;
  /** Who answered (RFC 9207). */
  issuer: string | null;
}

/**
 * Reads the parameters of RFC 6749 §4.1.2 and ignores all others, whatever a service adds.
 * @throws AppError `callback_repeated_parameter` when one stands more than once, which RFC 6749 §3.1
 * forbids, or in the form of a list.
 */
export function readCallback({ searchParams }: URL): CallbackAnswer {
  const names = [...searchParams.keys()];
  const hasList = names.some((name) => /^(code|state|error|iss)\[/.test(name));
  if (hasList || new Set(names).size !== names.length) {
    const text = 'The answer names a value twice, so it cannot be trusted.';
    throw new AppError('callback_repeated_parameter', text, 'Start again.');
  }
  const get = (name: string) => searchParams.get(name) || null;
  return { code: get('code'), state: get('state'), error: get('error'), issuer: get('iss') };
}
