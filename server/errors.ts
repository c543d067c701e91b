/** The status of each failure that the core names; a feature gives its own along with the code. */
const STATUS_BY_CODE = {
  bad_request: 400,
  callback_empty: 400,
  callback_repeated_parameter: 400,
  cookie_repeated: 400,
  consent_denied: 400,
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
  request_too_large: 413,
  request_encoding_unknown: 415,
  secret_unreadable: 500,
  unexpected: 500,
  authorization_unavailable: 502,
  client_refused: 502,
  token_refused: 502,
  token_info_failed: 502,
  subdomain_invalid: 502,
  zendesk_unreachable: 502,
} as const;

type KnownCode = keyof typeof STATUS_BY_CODE;
type OwnStatus = ErrorOptions & { status: number };

/** A failure with a stable code for machines, a message for people and a hint that says what to do. */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string;
  /** Of the page that tells it. */
  readonly status: number;

  constructor(code: KnownCode, message: string, hint: string, options?: ErrorOptions);
  constructor(code: string, message: string, hint: string, options: OwnStatus);
  constructor(
    code: KnownCode,
    message: string,
    hint: string,
    { status, ...options }: Partial<OwnStatus> = {},
  ) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.hint = hint;
    this.status = status ?? STATUS_BY_CODE[code];
  }
}

/** Ends in the page that every unknown address has, so it tells nobody what there is for others. */
export function notFound(): AppError {
  return new AppError('not_found', 'There is no such page.', 'Go to the home page.');
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
  try {
    const said: unknown = error instanceof Error ? error.message : describeThrown(error);
    return String(said);
  } catch {
    // Some cannot even be made a text.
    return 'Something was thrown that cannot be made a text.';
  }
}

/** Some libraries throw plain objects. The names in one are told; the values may be secret. */
function describeThrown(thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null) return thrown;
  if ('message' in thrown && typeof thrown.message === 'string') return thrown.message;
  const names = Object.keys(thrown).join(', ');
  return `What was thrown is no Error but an object with ${names || 'nothing in it'}, so nobody knows where.`;
}

/** The code of a system's or a driver's error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
