import type { OnMessage } from '../runtime/types.ts';
import { meet } from './meet.ts';
import { menu } from './menu.ts';
import { onStart } from './on-start.ts';

/** Edit this first: it answers every message a customer writes while the bot is in control. */
export const onMessage: OnMessage = async ({ message, ...tools }) => {
  if (message.type !== 'text') return tools.reply('I can only read text so far. What is it about?');
  switch (message.text.trim().toLowerCase()) {
    case 'hi':
    case 'hello':
    case 'start':
      return onStart(tools);
    case 'menu':
      return tools.replyCarousel(menu);
    case 'agent':
      await tools.reply('One moment please, I am getting a colleague.');
      return tools.handOff({ reason: 'The customer asked for a person.' });
    case 'meet':
      return meet(tools);
    default:
      return tools.reply(
        `You said: “${message.text}”. Say “menu” for ideas or “agent” for a person.`,
      );
  }
};
