import type { OnStart } from '../runtime/types.ts';

/** Greets a customer who opened a conversation. */
export const onStart: OnStart = ({ reply }) =>
  reply('Hello, what can I do for you?', { buttons: [{ text: 'Agent', payload: 'agent' }] });
