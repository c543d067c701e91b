import { OperatorError } from '../../errors.ts';
import {
  defaultOf,
  isRequired,
  maxLengthOf,
  type Field,
  type SettingsSchema,
  type Value,
} from './fields.ts';

/** A form takes 100 kB, and a character up to nine bytes of it. */
const MAX_LENGTH_OF_ALL = 10_000;
const NAME = /^[a-z]\w{0,59}$/i;

/** What is wrong with a value, for whoever entered it; undefined when it is one the field can have. */
export function findProblem(field: Field, value: Value): string | undefined {
  switch (field.kind) {
    case 'text':
    case 'longText':
    case 'secret':
      return typeof value === 'string' ? findProblemOfText(field, value) : 'Enter a text.';
    case 'number':
      return findProblemOfNumber(field, value);
    case 'choice':
      return typeof value === 'string' && Object.hasOwn(field.options, value)
        ? undefined
        : 'Choose one of these.';
    case 'switch':
      return typeof value === 'boolean' ? undefined : 'Switch it on or off.';
  }
}

function findProblemOfText(
  field: Extract<Field, { kind: 'text' | 'longText' | 'secret' }>,
  value: string,
): string | undefined {
  const most = maxLengthOf(field);
  if (value.length > most) return `Use at most ${most} characters; these are ${value.length}.`;
  const isFine = field.kind === 'longText' ? /^[\P{Cc}\n\t]*$/u : /^\P{Cc}*$/u;
  if (isFine.test(value) && value.isWellFormed()) return undefined;
  return 'This has a character in it that cannot be kept: use letters, digits and punctuation.';
}

function findProblemOfNumber(
  { min = -Infinity, max = Infinity, isWhole }: Extract<Field, { kind: 'number' }>,
  value: Value,
): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return 'Enter a number, such as 1000 or 2.5.';
  if (isWhole && !Number.isInteger(value)) return 'Enter a whole number.';
  if (value < min) return `Enter ${min} or more.`;
  return value > max ? `Enter ${max} or less.` : undefined;
}

/** What was typed, as a value; an empty field has none. */
export function readTyped(
  field: Field,
  typed: string,
): { value: Value | undefined; problem?: never } | { problem: string } {
  const text = typed.replaceAll('\r\n', '\n').trim();
  if (text === '' && field.kind !== 'switch') {
    const isMissing = isRequired(field) && (defaultOf(field) ?? '') === '';
    return isMissing ? { problem: 'The bot cannot do without: enter it.' } : { value: undefined };
  }
  const value =
    field.kind === 'number'
      ? readNumber(field, text)
      : field.kind === 'switch'
        ? text !== ''
        : text;
  const problem = findProblem(field, value);
  return problem === undefined ? { value } : { problem };
}

/**
 * Also with a decimal comma, as half of the world writes it. With three digits behind it, that is a thousand
 * to the other half, as is a point in a whole number: which of the two is meant nobody guesses.
 */
function readNumber({ isWhole }: Extract<Field, { kind: 'number' }>, text: string): number {
  const grouped = isWhole ? /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/ : /^[-+]?[1-9]\d{0,2},\d{3}$/;
  if (grouped.test(text)) return NaN;
  return /^[-+]?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : NaN;
}

/** A stored value, or the default when the field has changed since, or was never set. */
export function readStored(field: Field, json: string | null | undefined): Value | undefined {
  const stored: unknown = JSON.parse(json ?? 'null');
  const isValue =
    typeof stored === 'string' || typeof stored === 'number' || typeof stored === 'boolean';
  return isValue && findProblem(field, stored) === undefined ? stored : defaultOf(field);
}

/** @throws OperatorError that says what is wrong with the bot's settings. */
export function checkSchema(schema: SettingsSchema): void {
  let length = 0;
  for (const [name, field] of Object.entries(schema)) {
    const refuse = (what: string) => {
      throw new OperatorError(`The setting “${name}” of the bot ${what}`);
    };
    if (!NAME.test(name)) refuse('needs a name of letters and digits, 60 at most.');
    const value = defaultOf(field);
    if (field.kind === 'choice' && value === undefined) refuse('has no options to choose from.');
    const problem = value === undefined ? undefined : findProblem(field, value);
    if (problem !== undefined) refuse(`has a default that its form would refuse: ${problem}`);
    length += maxLengthOf(field);
  }
  if (length > MAX_LENGTH_OF_ALL)
    throw new OperatorError(
      `The texts of the bot’s settings may have ${length} characters, and a form takes ${MAX_LENGTH_OF_ALL}: give some a smaller maxLength.`,
    );
}
