import type { OnStart } from '../../runtime/types.ts';

/** Greets a customer who opened a conversation, or who says hello, and offers what the demo knows. */
export const onStart: OnStart = ({ reply }) =>
  reply('Hello, I am the shop’s assistant. What can I do for you?', {
    buttons: [
      { text: 'Menu', payload: 'menu' },
      { text: 'Agent', payload: 'agent' },
    ],
  });
