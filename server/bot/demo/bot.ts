import type { Bot } from '../../runtime/types.ts';
import { bot } from '../bot.ts';
import { onMessage } from './on-message.ts';
import { onPostback } from './on-postback.ts';
import { onStart } from './on-start.ts';
import { demoSettings } from './settings.ts';

/** Your bot with something to try out: what the sandbox runs, and nothing else does. */
export const demoBot: Bot = {
  ...bot,
  onMessage,
  onPostback,
  onStart,
  settings: { ...bot.settings, ...demoSettings },
};
