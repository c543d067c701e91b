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

/** The platform's error body for a status that an armed fault asks for. */
export function showStatus(status: number) {
  const code = CODES.get(status) ?? (status >= 500 ? 'internal_error' : 'bad_request');
  return showError(new ApiError(status, code, `Refused with ${status} by an armed fault`));
}
