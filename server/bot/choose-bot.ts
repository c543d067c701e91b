import type { Bot } from '../runtime/types.ts';
import { bot } from './bot.ts';
import { demoBot } from './demo/bot.ts';

/** In sandbox mode there is something to try out; otherwise your bot is alone. */
export const chooseBot = (isSandbox: boolean): Bot => (isSandbox ? demoBot : bot);
