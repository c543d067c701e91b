import { ApiError } from '../platform/api-error.ts';

const CODES = new Map([
  [400, 'bad_request'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [423, 'locked'],
  [429, 'too_many_requests'],
]);

/** The platform's error body. */
export function showError({ status, code, titles }: ApiError) {
  return { status, body: { errors: titles.map((title) => ({ code, title })) } };
}

/** The platform's error body for a refusal that is not its own. */
export function showStatus(status: number, title: string) {
  const code = CODES.get(status) ?? (status >= 500 ? 'internal_error' : 'bad_request');
  return showError(new ApiError(status, code, title));
}
