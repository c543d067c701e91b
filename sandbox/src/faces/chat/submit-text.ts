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
const namedForm = z.object({
  key: z
    .string()
    .regex(/^[\w-]{8,64}$/)
    .optional()
    .catch(undefined),
});

/** Sends what the form asks for, unless it was sent by that name before. */
export function sendOnce(
  { messages }: Pick<State, 'messages'>,
  { id }: Conversation,
  { body }: Request,
  send: () => Message | undefined,
): void {
  const { key } = namedForm.parse(body);
  const isSent = messages.get(id)?.some(({ sentAs }) => sentAs === key) === true;
  if (key !== undefined && isSent) return;
  const message = send();
  if (message && key !== undefined) message.sentAs = key;
}

/** As `sendOnce`, with the text of the form; what cannot be sent comes back. */
export function submitText(
  state: Pick<State, 'messages'>,
  conversation: Conversation,
  request: Request,
  send: (text: string) => Message | undefined,
): RefusedText | undefined {
  const { text, problem } = readText(request.body);
  if (problem !== undefined) return { text, problem };
  try {
    sendOnce(state, conversation, request, () => send(text));
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return { text, problem: error.message };
    throw error;
  }
}
