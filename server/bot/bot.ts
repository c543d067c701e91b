import type { Bot } from '../runtime/types.ts';
import { memory } from './memory.ts';
import { onHandOffFailed } from './on-hand-off-failed.ts';
import { onMessage } from './on-message.ts';
import { onPostback } from './on-postback.ts';
import { onStart } from './on-start.ts';
import { settings } from './settings.ts';

/** Which handler answers what; each is a file beside this one. `Bot` tells what else there may be. */
export const bot: Bot = {
  onMessage,
  onPostback,
  onStart,
  onHandOffFailed,
  memory,
  settings,
};
