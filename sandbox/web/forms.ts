import { z } from 'zod';

const EMPTY = 'Write something first.';

/** What somebody types into a chat. Browsers send line breaks as CR LF. */
const textForm = z.object({
  text: z
    .string({ error: EMPTY })
    .transform((text) => text.replaceAll('\r\n', '\n').trim())
    .pipe(
      z
        .string()
        .min(1, { error: EMPTY })
        .max(4096, { error: 'A message cannot be longer than 4096 characters.' }),
    ),
});

/** Text that cannot be sent, kept so that it can be mended, and why. */
export interface RefusedText {
  text: string;
  problem: string;
}

export function parseTextForm(body: unknown): { text: string } | RefusedText {
  const parsed = textForm.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const { text } = z.object({ text: z.string().catch('') }).parse(body ?? {});
  return { text, problem: parsed.error.issues[0]?.message ?? EMPTY };
}

/** The payload of the button that was pressed; empty when the form has none. */
export function readPayload(body: unknown): string {
  return z.object({ payload: z.string().catch('') }).parse(body ?? {}).payload;
}
