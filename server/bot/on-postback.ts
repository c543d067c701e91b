import type { OnPostback } from '../runtime/types.ts';

/** Answers the buttons of cards: the bot sends none yet, so one that comes is from before. */
export const onPostback: OnPostback = ({ reply }) =>
  reply('That button is from an older menu. What can I do for you?');
