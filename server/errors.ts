/** Every failure we can name, with the status its page or answer carries. */
const STATUS_BY_CODE = {
  bad_request: 400,
  callback_empty: 400,
  callback_repeated_parameter: 400,
  cookie_repeated: 400,
  consent_denied: 400,
  callback_without_state: 400,
  callback_other_issuer: 400,
  authorization_refused: 400,
  authorization_unattended: 400,
  state_unknown: 400,
  state_expired: 400,
  state_other_browser: 400,
  state_interrupted: 400,
  form_expired: 403,
  signed_out: 403,
  not_found: 404,
  event_not_failed: 409,
  request_too_large: 413,
  request_encoding_unknown: 415,
  foreign_host: 421,
  oauth_client_in_use: 409,
  installation_not_active: 409,
  provider_not_configured: 409,
  too_many_requests: 429,
  secret_unreadable: 500,
  unexpected: 500,
  authorization_unavailable: 502,
  client_refused: 502,
  token_refused: 502,
  token_info_failed: 502,
  subdomain_invalid: 502,
  zendesk_unreachable: 502,
  zendesk_refused: 502,
  provider_refused: 502,
  provider_unreachable: 502,
} as const;

export type ErrorCode = keyof typeof STATUS_BY_CODE;

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(STATUS_BY_CODE, value);
}

/** A failure with a stable code for machines, a message for people and a hint that says what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.hint = hint;
  }

  get status(): number {
    return STATUS_BY_CODE[this.code];
  }
}

/** Something only the operator can put right; the message says how, so no stack is shown with it. */
export class OperatorError extends Error {}

/** What ended a program, for its terminal: with the stack of what nobody expected. */
export function explainFailure(error: unknown): string {
  const isExpected = error instanceof OperatorError || !(error instanceof Error);
  return isExpected ? messageOf(error) : `${error.message}\n${error.stack}`;
}

/** The message of anything that was thrown; of several failures, as of all addresses of a host, theirs. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** The code of a system's or a driver's error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
