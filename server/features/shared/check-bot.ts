import type { z } from 'zod';
import { OperatorError } from '../../errors.ts';
import type { Bot } from '../../runtime/types.ts';

/** What bot.ts says beside its functions, checked against a schema. @throws OperatorError */
export function checkBot(bot: Bot, schema: z.ZodObject): void {
  const { error } = schema.safeParse(bot);
  if (error === undefined) return;
  const problems = error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new OperatorError(`server/bot/bot.ts cannot be used:\n${problems.join('\n')}`);
}
