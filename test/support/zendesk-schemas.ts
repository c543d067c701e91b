import { z } from 'zod';
import type { ZendeskOperation } from '../../sandbox/faults/fault.ts';
import type { RecordedCall } from '../../sandbox/operations/create-calls.ts';
import { answerSchemas, errorAnswer } from './zendesk-answer-schemas.ts';
import { requestSchemas } from './zendesk-request-schemas.ts';

/**
 * Throws for the first successful call whose request does not fit the official API description,
 * and for the first call whose answer does not. Refused requests are meant to be wrong and dropped
 * connections carry no answer, so neither is looked at; nor is an HTML page from an armed fault.
 */
export function checkRecordedCalls(calls: readonly RecordedCall<ZendeskOperation>[]): void {
  for (const call of calls) {
    if (call.status === null || typeof call.answer === 'string') continue;
    if (call.status >= 400) {
      check(call, 'answer', errorAnswer, call.answer);
      continue;
    }
    const [status, answer] = answerSchemas[call.operation];
    check(call, 'status', z.literal(status), call.status);
    check(call, 'request', requestSchemas[call.operation], call.body);
    check(call, 'answer', answer, call.answer);
  }
}

function check(
  { operation, method, path }: RecordedCall<ZendeskOperation>,
  what: string,
  schema: z.ZodType,
  value: unknown,
) {
  const { error } = schema.safeParse(value);
  if (!error) return;
  const shown = JSON.stringify(value);
  throw new Error(
    `${operation} (${method} ${path}): ${what} does not fit\n${z.prettifyError(error)}\n${shown}`,
  );
}
