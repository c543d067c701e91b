import type { OnMessage } from '../../runtime/types.ts';
import { onMessage as yours } from '../on-message.ts';
import * as words from './words.ts';

const answers: Readonly<Record<string, OnMessage>> = words;

/** Answers a few words of its own, and leaves everything else to your on-message.ts. */
export const onMessage: OnMessage = (context) => {
  const { message } = context;
  const word = message.type === 'text' ? message.text.trim().toLowerCase() : '';
  const answer = Object.hasOwn(answers, word) ? answers[word] : undefined;
  return (answer ?? yours)(context);
};
