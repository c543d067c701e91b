import type { OnStart } from '../runtime/types.ts';

/** Greets a customer who opened a conversation, and nobody who was written to first. */
export const onStart: OnStart = async ({ reason, reply }) => {
  if (reason !== 'startConversation') return;
  await reply('Hello, what can I do for you?', { buttons: [{ text: 'Agent', payload: 'agent' }] });
};
