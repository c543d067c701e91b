import type { Bot } from '../../runtime/types.ts';
import { answerWords } from './on-message.ts';
import { answerCards } from './on-postback.ts';
import { onStart } from './on-start.ts';
import { demoSettings } from './settings.ts';

/** Your bot with something to try out: what the sandbox runs, and nothing else does. */
export const demoBot = (yours: Bot): Bot => ({
  ...yours,
  onMessage: answerWords(yours.onMessage),
  onPostback: answerCards(yours.onPostback),
  onStart,
  settings: { ...yours.settings, ...demoSettings, ...yours.settings },
});
