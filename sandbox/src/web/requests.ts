import type { Request } from 'express';
import { z } from 'zod';
import { Refused } from '../refused.ts';
import type { Account } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** The account a page's URL names, by its first or by its present subdomain; throws 404. */
export function findAccount(state: State, { params }: Request): Account {
  const name = String(params['slug']);
  const account =
    state.accounts.get(name) ??
    [...state.accounts.values()].find(({ subdomain }) => subdomain === name);
  if (!account) throw new Refused(404, 'The sandbox has no such account.');
  return account;
}

const EMPTY = 'Write something first.';

/** What somebody types into a chat. Browsers send line breaks as CR LF. */
const textForm = z.object({
  text: z
    .string()
    .transform((text) => text.replaceAll('\r\n', '\n').trim())
    .pipe(
      z
        .string()
        .min(1, { error: EMPTY })
        .max(4096, { error: 'A message cannot be longer than 4096 characters.' }),
    ),
});

/** What a form has as its text; with `problem`, it cannot be sent. */
export function readText(body: unknown): { text: string; problem?: string } {
  const { text } = z.object({ text: z.string().catch('') }).parse(body);
  const parsed = textForm.safeParse({ text });
  if (parsed.success) return parsed.data;
  return { text, problem: parsed.error.issues[0]?.message ?? EMPTY };
}

/** The payload of the button that was pressed; empty when the form has none. */
export function readPayload(body: unknown): string {
  return z.object({ payload: z.string().catch('') }).parse(body).payload;
}

/** Every field of a form once; what was sent twice counts as blank. */
export const fieldsSchema = z.record(z.string(), z.string().optional().catch(undefined));

/** The first problem of each field. */
export function problemsOf({ issues }: z.ZodError): Record<string, string> {
  return Object.fromEntries(
    issues.toReversed().map(({ path, message }) => [String(path[0]), message]),
  );
}
