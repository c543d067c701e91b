import { z } from 'zod';
import { readWords, word } from '../shared/words.ts';
import type { AnsweredField, IncomingContent } from '../../runtime/types.ts';

declare module '../../runtime/types.ts' {
  export interface LocationMessage {
    type: 'location';
    coordinates: { lat: number; long: number };
    name: string | undefined;
    address: string | undefined;
  }

  export interface FormMessage {
    type: 'form';
    fields: AnsweredField[];
    /** The answers by the names of their fields; of a select the name of the option that was chosen. */
    values: Readonly<Record<string, string>>;
  }

  export type AnsweredField = { name: string; label: string } &
    /** A number where the form asked for one. */
    (
      | { type: 'text'; value: string | number }
      | { type: 'email'; value: string }
      | { type: 'select'; value: { name: string; label: string }[] }
    );

  interface MessageKinds {
    location: LocationMessage;
    form: FormMessage;
  }
}

const Option = z.object({ name: word, label: word });
const Field = z.object({
  type: z.string(),
  name: z.string(),
  label: word,
  text: word,
  email: word,
  select: z.array(Option).nullish().catch([]),
  format: word,
});

/** OpenAPI locationMessage, formResponseMessage; one that is otherwise than documented is none of them. */
const Content = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('location'),
    coordinates: z.object({ lat: z.number(), long: z.number() }),
    location: z.object({ name: word, address: word }).nullish().catch(undefined),
  }),
  z.object({ type: z.literal('formResponse'), fields: z.array(Field) }),
]);

/** Undefined for what is neither a place nor the answers to a form. */
export function readContent(content: object): IncomingContent | undefined {
  const known = Content.safeParse(content).data;
  if (known?.type === 'location') {
    const { coordinates, location } = known;
    return { type: 'location', coordinates, name: location?.name, address: location?.address };
  }
  if (known === undefined) return undefined;
  const answers = known.fields.map(readField);
  const fields = answers.map(({ field }) => field);
  const values = Object.fromEntries(answers.map(({ field, value }) => [field.name, value]));
  const lines = answers.map(({ field, shown }) => `${field.label}: ${shown}`);
  return { type: 'form', text: readWords(content) || lines.join('\n'), fields, values };
}

/** A field of a form with its answer, and that answer as a value and in words. */
function readField(given: z.infer<typeof Field>) {
  const { type, name, text = '', email = '', format, select } = given;
  const known = { name, label: given.label ?? name };
  switch (type) {
    case 'select': {
      const chosen = (select ?? []).map((option) => {
        const value = option.name ?? option.label ?? '';
        return { name: value, label: option.label ?? value };
      });
      const field: AnsweredField = { ...known, type, value: chosen };
      const list = (of: 'name' | 'label') => chosen.map((option) => option[of]).join(', ');
      return { field, value: list('name'), shown: list('label') };
    }
    case 'email': {
      const field: AnsweredField = { ...known, type, value: email };
      return { field, value: email, shown: email };
    }
    default: {
      const number = format === undefined || text === '' ? NaN : Number(text);
      // A number with more digits than a number can hold stays as it was written.
      const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : !isNaN(number);
      const field: AnsweredField = { ...known, type: 'text', value: isExact ? number : text };
      return { field, value: text, shown: text };
    }
  }
}
