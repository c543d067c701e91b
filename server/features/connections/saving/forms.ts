import { z } from 'zod';
import { columnText } from '../../../text.ts';

const MAX_NAME_LENGTH = 100;

/** A field of a form; one that was left out, sent twice or cannot be kept counts as empty. */
const text = columnText.trim().catch('');

function required(whatToDo: string) {
  return text.pipe(z.string().min(1, whatToDo));
}

const name = required('Enter a name.').pipe(
  z
    .string()
    .max(MAX_NAME_LENGTH, `Use at most ${MAX_NAME_LENGTH} characters.`)
    .refine(
      (value) => /^\P{Cc}*$/u.test(value) && value.isWellFormed(),
      'Use letters, digits and punctuation only.',
    ),
);

const TOO_LONG = 'This is longer than any such value: copy it again.';
/** Copied from a page, where a look-alike character is easily taken along. */
const ODD_CHARACTER =
  'This has a space or a look-alike character in it: copy it again from the provider’s page.';

const credential = (whatToDo: string) =>
  required(whatToDo).pipe(
    z
      .string()
      .max(500, TOO_LONG)
      .regex(/^[\x21-\x7e]+$/, ODD_CHARACTER),
  );

const clientId = credential('Enter the client id.').pipe(
  // HTTP Basic separates the id from the secret with it (RFC 7617).
  z.string().regex(/^[^:]*$/, 'A client id has no colon in it.'),
);
const clientSecret = credential(
  'Enter the client secret. It is never shown, so it has to be entered each time.',
);

/** How many calls at once; empty: as before. */
const concurrency = text.pipe(
  z
    .string()
    .regex(/^(?:|[1-9]|[1-4]\d|50)$/, 'Enter a number from 1 to 50.')
    .transform((value) => (value === '' ? undefined : Number(value))),
);

export const NameForm = z.looseObject({ name, concurrency });
export const ClientForm = z.looseObject({ name, clientId, clientSecret });
export const CustomForm = z.looseObject({
  name,
  concurrency,
  accountId: credential('Enter the account id.'),
  clientId,
  clientSecret,
  hostUser: text.pipe(
    z
      .string()
      .max(254, TOO_LONG)
      .regex(/^[\x21-\x7e]*$/, ODD_CHARACTER)
      .transform((value) => (value === '' ? null : value)),
  ),
});

/** Shown to a stranger: a line of text. */
export const LinkForm = z.looseObject({
  askedBy: text.pipe(
    z
      .string()
      .max(MAX_NAME_LENGTH, `Use at most ${MAX_NAME_LENGTH} characters.`)
      .regex(/^\P{Cc}*$/u, 'Use letters, digits and punctuation only.'),
  ),
});

export type OAuthClientInput = z.infer<typeof ClientForm>;
export type CustomInput = z.infer<typeof CustomForm>;

/** Any of the fields that are not secret, to be shown again as they were typed. */
export const TypedForm = z.looseObject({
  provider: text,
  authType: text,
  name: text,
  oauthClientId: text,
  accountId: text,
  clientId: text,
  hostUser: text,
  concurrency: text,
  askedBy: text,
  /** Button: fill in the sandbox's credentials. */
  fill: text,
  /** Checkbox: keep the connection although its test fails. */
  keepIfFailing: text,
  /** Checkbox: delete the connection although it cannot be revoked. */
  withoutRevoking: text,
});

export type FieldErrors = Record<string, string>;

/** The parsed form, or the first problem of each field. */
export function readForm<Values>(
  schema: z.ZodType<Values>,
  body: unknown,
): { ok: true; values: Values } | { ok: false; errors: FieldErrors } {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return { ok: true, values: parsed.data };
  const errors: FieldErrors = {};
  for (const { path, message } of parsed.error.issues) errors[String(path[0])] ??= message;
  return { ok: false, errors };
}
