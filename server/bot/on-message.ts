// server/bot/on-message.ts
import type { OnMessage } from '../runtime/types.ts';

export const onMessage: OnMessage = async ({ message, reply, handOff }) => {
  if (message.type !== 'text') return reply('I can only read text so far.');
  if (/^agent$/i.test(message.text)) return handOff({ reason: 'The customer asked for a person.' });
  return reply(`You said: “${message.text}”`, { buttons: [{ text: 'Agent', payload: 'agent' }] });
};
