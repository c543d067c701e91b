import { z } from 'zod';
import { Refused } from '../../refused.ts';
import type { AnsweredField, FormField } from '../../state/content.ts';
import type { Conversation, Message } from '../../state/records.ts';
import type { Platform } from '../create-platform.ts';
import { send } from './customer.ts';

/** What is wrong with the answers, by the names of the fields. */
export class FormRefused extends Refused {
  readonly problems: Record<string, string>;

  constructor(problems: Record<string, string>) {
    super(400, Object.values(problems).join(' '));
    this.problems = problems;
  }
}

/**
 * The customer fills a form in: a `formResponse` that quotes it follows, and the form counts as submitted.
 * @param values by the names of the fields; of a select, the name of the option.
 * @throws FormRefused when a value does not fit its field, Refused 404 when there is no such form and
 * 409 when it was answered before.
 */
export function answerForm(
  platform: Platform,
  conversation: Conversation,
  formId: string,
  values: Record<string, string | undefined>,
): Message {
  const form = platform.state.messages.get(conversation.id)?.find(({ id }) => id === formId);
  if (form?.content.type !== 'form') throw new Refused(404, 'There is no such form.');
  if (form.content.submitted) throw new Refused(409, 'This form was answered already.');
  const read = form.content.fields.map((field) => readField(field, values[field.name] ?? ''));
  const problems = read.flatMap((one) => ('problem' in one ? [[one.name, one.problem]] : []));
  if (problems.length > 0) throw new FormRefused(Object.fromEntries(problems));
  const fields = read.flatMap((one) => ('answer' in one ? [one.answer] : []));
  form.content.submitted = true;
  const textFallback = fields.map((field) => `${field.label}: ${valueOf(field)}`).join('\n');
  const content = { type: 'formResponse' as const, fields, textFallback };
  return send(platform, conversation, content, { quotedMessageId: form.id });
}

/** What was answered, in words. */
export function valueOf({ text, email, select }: AnsweredField): string {
  return text ?? email ?? (select ?? []).map(({ label }) => label).join(', ');
}

type Read = { answer: AnsweredField } | { name: string; problem: string };

/** One answer. Every field is required: a text has at least one character unless the form asks for more. */
function readField(field: FormField, given: string): Read {
  const { type, name, label, format } = field;
  const value = given.trim();
  const refuse = (problem: string): Read => ({ name, problem: `${label}: ${problem}` });
  const known = { type, name, label };
  if (value === '') return refuse('this is required.');
  if (type === 'select') {
    const option = field.options?.find((one) => one.name === value);
    return option
      ? { answer: { ...known, select: [option] } }
      : refuse('choose one of the options.');
  }
  if (type === 'email') {
    const isEmail = z.email().max(128).safeParse(value).success;
    return isEmail ? { answer: { ...known, email: value } } : refuse('this is no e-mail address.');
  }
  const { minSize = 1, maxSize = 128 } = field;
  if (value.length < minSize) return refuse(`write ${minSize} characters at least.`);
  if (value.length > maxSize) return refuse(`write ${maxSize} characters at most.`);
  if (format === 'integer' && !/^[+-]?\d+$/.test(value)) return refuse('this is no whole number.');
  if (format === 'decimal' && !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(value)) {
    return refuse('this is no number.');
  }
  return { answer: { ...known, text: value, ...(format && { format }) } };
}
