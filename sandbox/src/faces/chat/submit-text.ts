import type { Request } from 'express';
import { z } from 'zod';
import { Refused } from '../../refused.ts';
import type { Conversation, Message } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { readText } from '../../web/requests.ts';

/** Text that cannot be sent, kept so that it can be mended, and why. */
export interface RefusedText {
  text: string;
  problem: string;
}

/** A page with a script names what it sends, so that it may send it again. */
const keySchema = z
  .string()
  .regex(/^[\w-]{8,64}$/)
  .optional()
  .catch(undefined);

/**
 * Sends the text of the form, once: what has been sent by that name counts as done. What cannot be sent
 * comes back.
 */
export function submitText(
  { messages }: Pick<State, 'messages'>,
  conversation: Conversation,
  { body }: Request,
  send: (text: string) => Message | undefined,
): RefusedText | undefined {
  const { key } = z.object({ key: keySchema }).parse(body ?? {});
  const said = messages.get(conversation.id) ?? [];
  if (key !== undefined && said.some(({ sentAs }) => sentAs === key)) return undefined;
  const { text, problem } = readText(body);
  if (problem !== undefined) return { text, problem };
  try {
    const message = send(text);
    if (message && key !== undefined) message.sentAs = key;
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return { text, problem: error.message };
    throw error;
  }
}
