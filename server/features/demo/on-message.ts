import type { OnMessage } from '../../runtime/types.ts';
import * as words from './words.ts';

const answers: Readonly<Record<string, OnMessage>> = words;

/** Answers a few words of its own, and leaves everything else to your on-message.ts. */
export const answerWords =
  (yours: OnMessage): OnMessage =>
  (context) => {
    const { message, handOff } = context;
    const word = message.text.trim().toLowerCase();
    const answer = Object.hasOwn(answers, word) ? answers[word] : undefined;
    if (answer !== undefined) return answer(context);
    // Yours reads texts alone; what is said under a picture counts as well.
    if (message.type !== 'text' && word === 'agent')
      return handOff({ reason: 'The customer asked for a person, with a picture.' });
    return yours(context);
  };
