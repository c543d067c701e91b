import { z } from 'zod';
import { Refused } from '../../../refused.ts';

/** A field that is a switch or a button; anything but one of the choices throws 400. */
export function readChoice<const Choice extends string>(
  body: unknown,
  field: string,
  choices: readonly Choice[],
): Choice {
  const { data } = z.object({ [field]: z.enum(choices) }).safeParse(body);
  const choice = data?.[field];
  if (choice === undefined) throw new Refused(400, 'The form is not complete.');
  return choice;
}
