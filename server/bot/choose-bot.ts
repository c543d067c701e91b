import type { Bot } from '../runtime/types.ts';

/** In sandbox mode there is something to try out; otherwise your bot is alone. Only the one that runs is loaded. */
export const chooseBot = async (isSandbox: boolean): Promise<Bot> =>
  isSandbox ? (await import('./demo/bot.ts')).demoBot : (await import('./bot.ts')).bot;
