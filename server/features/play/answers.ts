import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { REPLY_KEY } from '../../runtime/outbox.ts';
import type { Attempt, Call, Journey } from './journal.ts';

const Reply = z.object({ metadata: z.object({ [REPLY_KEY]: z.string() }) });
const Text = z.object({ content: z.object({ type: z.string(), text: z.string().optional() }) });

/** What the customer got: each reply once, however often it was sent or found. */
export function listAnswers({ eventId, attempts }: Journey): { words: string; at: number }[] {
  const sent = new Map<string, string>();
  const answers = new Map<string, { words: string; at: number }>();
  for (const { call, at, key, number = 1 } of attempts.flatMap(({ notes }) => notes)) {
    const message = call?.operation === 'PostMessage' ? parseJson(call.request ?? '') : undefined;
    const reply = Reply.safeParse(message).data?.metadata[REPLY_KEY];
    if (call && reply !== undefined) {
      sent.set(reply, readText(message));
      const isTaken = call.status !== null && call.status < 300;
      if (isTaken) answers.set(reply, { words: readText(message), at: at + call.durationMs });
    } else if (key === 'reply-found') {
      const found = `${eventId}:${number - 1}`;
      if (!answers.has(found)) answers.set(found, { words: sent.get(found) ?? '…', at });
    }
  }
  return [...answers.values()];
}

function readText(message: unknown): string {
  const content = Text.safeParse(message).data?.content;
  return content?.text ?? `a ${content?.type ?? 'message'}`;
}

export const listCalls = (attempts: readonly Attempt[]): Call[] =>
  attempts.flatMap(({ notes }) => notes.flatMap(({ call }) => call ?? []));

/** Whether a call gave the conversation to people. */
export const isHandedOver = (calls: readonly Call[]): boolean =>
  calls.some(
    ({ operation, status }) => operation === 'PassControl' && status !== null && status < 300,
  );

/** What came of it, where something went wrong on the way; undefined while that is open. */
export function describeVerdict(journey: Journey): string | undefined {
  const { attempts, deliveredAt, words } = journey;
  const isOver = attempts.at(-1)?.settled?.state === 'done';
  if (!isOver || (attempts.length === 1 && deliveredAt.length < 2)) return undefined;
  const came = deliveredAt.length > 1 ? [`came ${deliveredAt.length} times`] : [];
  const needed = attempts.length > 1 ? [`needed ${attempts.length} attempts`] : [];
  return `“${words}” ${[...came, ...needed].join(' and ')}. The customer ${describeEnd(journey)}.`;
}

function describeEnd(journey: Journey): string {
  const answers = listAnswers(journey).length;
  if (answers > 0)
    return answers === 1 ? 'got exactly one answer' : `got ${answers} answers, each once`;
  return isHandedOver(listCalls(journey.attempts))
    ? 'waits for a person of the team'
    : 'got no answer';
}
