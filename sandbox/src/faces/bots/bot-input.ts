import { z } from 'zod';
import { isWebAddress } from '../../state/values.ts';

/** Why an address cannot be one that a browser or Zendesk is sent to; undefined: it can. */
function findProblem(address: string): string | undefined {
  if (!isWebAddress(address)) return 'has to be a whole http or https address';
  if (address.includes('#')) return 'has to be without what begins with #';
  if (address.includes('*')) return 'has to be written out, since * matches nothing';
  const { username, password } = new URL(address);
  if (username !== '' || password !== '') return 'has to be without a user name';
  return address.length > 2048 ? 'has to be shorter than 2049 characters' : undefined;
}

const address = z
  .string('has to be an address')
  .trim()
  .superRefine((given, context) => {
    const problem = findProblem(given);
    if (problem !== undefined) context.addIssue(`${problem}: ${given}`);
  });

/** A form sends its empty fields, too. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((given) => (given === '' ? undefined : given), schema.optional());

/** A list, or a text with one on each line. */
const redirectUris = z.preprocess(
  (given) => (typeof given === 'string' ? given.split(/\s+/).filter((one) => one !== '') : given),
  z
    .array(address, 'has to be a list of addresses')
    .min(1, 'has to have at least one address')
    .max(50, 'has to have at most 50 addresses')
    .refine((all) => new Set(all).size === all.length, 'has an address twice'),
);

/** What is pasted into files, headers and commands: it needs no quotes there. */
const word = z
  .string('has to be a text')
  .max(200, 'has to be shorter than 201 characters')
  .regex(/^[\w.~-]*$/, 'has to be of the letters a to z, digits and . _ ~ -');

/** A bot as its maker registers it: the fields of the form, of the command, and of the call behind it. */
export const botInputSchema = z.strictObject({
  name: z
    .string('has to be given: people are asked whether they allow it')
    .trim()
    .min(1, 'has to be given: people are asked whether they allow it')
    .max(100, 'has to be shorter than 101 characters')
    .regex(/^\P{Cc}*$/u, 'has to be on one line'),
  redirectUris,
  removeUrl: optional(address),
  configurationUrl: optional(address),
  installUrl: optional(address),
  iconUrl: optional(address),
  /** Default: made of the name. */
  clientId: optional(word),
  /** Default: a new one. */
  clientSecret: optional(word.min(8, 'has to have at least 8 characters')),
});

/** What is wrong with a field, or with all of it. */
export interface Problem {
  field: string;
  problem: string;
}

/** Every problem once, in the order of the fields. */
export function problemsOf({ issues }: z.ZodError): Problem[] {
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  return [
    ...issues
      .filter(({ code }) => code !== 'unrecognized_keys')
      .map(({ path, message }) => ({ field: String(path[0] ?? 'body'), problem: message })),
    ...unknown.map((field) => ({ field, problem: 'is no field of a bot' })),
  ];
}
