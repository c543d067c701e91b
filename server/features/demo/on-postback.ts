import type { OnPostback } from '../../runtime/types.ts';

/** Answers the buttons of the menu's cards, and leaves all others to your on-postback.ts, if you have one. */
export const answerCards =
  (yours: OnPostback | undefined): OnPostback =>
  async (context) => {
    const { payload, reply, handOff } = context;
    switch (payload) {
      case 'hours':
        return reply('We are open Monday to Saturday, 9:00 to 18:00.');
      case 'returns':
        return reply('Send it back within 30 days; the label is in the parcel.');
      case 'agent':
        await reply('One moment please, I am getting a colleague.');
        return handOff({ reason: 'The customer pressed “Get an agent”.' });
      default:
        return await yours?.(context);
    }
  };
