import { features } from '../../features.ts';
import type { Bot } from '../../runtime/types.ts';
import { startApp, toSandboxBot } from '../../start/start-app.ts';

// `npm run dev` loads this file again, with everything that it imports.
export { startApp };

/** What runs of a bot that was edited: what a start would make of it. @throws OperatorError */
export async function completeBot(bot: Bot, { isSandbox }: { isSandbox: boolean }): Promise<Bot> {
  const complete = isSandbox ? await toSandboxBot(bot) : bot;
  for (const { checkBot } of features) checkBot?.(complete);
  return complete;
}
