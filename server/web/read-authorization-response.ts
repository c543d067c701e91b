import { AppError } from '../errors.ts';

/**
 * What came back to a redirect URI.
 * @throws AppError when a parameter stands more than once (RFC 6749 §3.1 forbids it).
 */
export function readAuthorizationResponse({ searchParams }: URL) {
  const names = [...searchParams.keys()];
  if (new Set(names).size !== names.length) {
    const text = 'The answer names a value twice, so it cannot be trusted.';
    throw new AppError('callback_repeated_parameter', text, 'Start again.');
  }
  const get = (name: string) => searchParams.get(name);
  return { code: get('code'), state: get('state'), error: get('error') };
}
