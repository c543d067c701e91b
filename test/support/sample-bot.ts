import type { Bot } from '../../server/runtime/types.ts';

const buttons = [{ text: 'Agent', payload: 'agent' }];

/**
 * Whom the tests of the project talk with where they name no handler of their own: the bot that it comes with, and
 * not the one in server/bot, which is somebody else's by the time that he runs them.
 */
export const sampleBot: Bot = {
  async onMessage({ message, reply, handOff }) {
    if (message.type !== 'text') return reply('I can only read text so far.');
    if (/^agent$/i.test(message.text))
      return handOff({ reason: 'The customer asked for a person.' });
    return reply(`You said: “${message.text}”`, { buttons });
  },
  onPostback: ({ reply }) => reply('That button is from an older menu. What can I do for you?'),
  async onStart({ reason, reply }) {
    if (reason === 'startConversation') await reply('Hello, what can I do for you?', { buttons });
  },
  onHandOffFailed: ({ reply }) =>
    reply('I am sorry, no colleague can be reached right now. Can I help with something else?'),
};
