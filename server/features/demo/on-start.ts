import type { OnMessage, OnStart } from '../../runtime/types.ts';

/** Greets a customer who opened a conversation. */
export const onStart: OnStart = async (context) => {
  if (context.reason === 'startConversation') await greet(context);
};

/** Also when he says hello; offers what the demo knows. */
export const greet = ({ reply }: Pick<Parameters<OnMessage>[0], 'reply'>) =>
  reply('Hello, I am the shop’s assistant. What can I do for you?', {
    buttons: [
      // Each says a word of words.ts.
      { text: 'Menu', payload: 'menu' },
      { text: 'Agent', payload: 'agent' },
    ],
  });
