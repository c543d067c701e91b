/** A failure with a stable code for machines, a message for people and a hint that says what to do. */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string;
  /** Of the page that tells it; 400, unless it is said. */
  readonly status: number;

  constructor(
    code: string,
    message: string,
    hint: string,
    { status = 400, ...options }: ErrorOptions & { status?: number } = {},
  ) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.hint = hint;
    this.status = status;
  }
}

/** Ends in the page that every unknown address has, so it tells nobody what there is for others. */
export function notFound(): AppError {
  const text = 'There is no such page.';
  return new AppError('not_found', text, 'Go to the home page.', { status: 404 });
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
