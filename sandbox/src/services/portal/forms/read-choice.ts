import { z } from 'zod';
import { ApiError } from '../../../platform/api-error.ts';

/** A field that is a switch or a button; anything but one of the choices throws 400. */
export function readChoice<const Choice extends string>(
  body: unknown,
  field: string,
  choices: readonly Choice[],
): Choice {
  const { data } = z.object({ [field]: z.enum(choices) }).safeParse(body);
  const choice = data?.[field];
  if (choice === undefined) throw new ApiError(400, 'bad_request', 'The form is not complete.');
  return choice;
}
