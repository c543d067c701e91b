import { z } from 'zod';
import { describeController, findOutWhy, isUs } from '../../runtime/control.ts';
import { leaveAlone, type Answer, type Visit } from '../../runtime/visit.ts';
import { SwitchboardIntegration } from '../../zendesk/events.ts';
import { checkBot } from '../shared/check-bot.ts';
import type { Feature } from '../feature.ts';

declare module '../../runtime/types.ts' {
  interface Bot {
    /** Whether to take over a conversation that somebody offers to the bot; true by default. */
    acceptOffers?: boolean;
  }
}

export const Said = z.object({ acceptOffers: z.boolean('is true or false').optional() });

/** To whom control is offered (OpenAPI conversationTruncated). */
const Offer = z.object({
  conversation: z.object({
    id: z.string(),
    pendingSwitchboardIntegration: SwitchboardIntegration.nullish().catch(undefined),
  }),
});

/** Conversations that others offer to the bot are taken over. */
export const offers: Feature = {
  name: 'offers',
  eventTypes: { 'switchboard:offerControl': { title: 'Control was offered', answer: takeOffer } },
  checkBot: (bot) => checkBot(bot, Said),
};

/** What the customer says from now on comes to the handlers; the bot does not speak first. */
async function takeOffer(visit: Visit, payload: object): ReturnType<Answer> {
  const { bot, rule } = visit;
  const { id, pendingSwitchboardIntegration: pending } = Offer.parse(payload).conversation;
  if (!isUs(pending, rule))
    return leaveAlone(visit, `Control is offered to ${describeController(pending, rule)}.`);
  if (bot.acceptOffers === false)
    return leaveAlone(visit, 'Control was offered, and acceptOffers is false in bot.ts.');
  if (!(await accept(visit, id)))
    return leaveAlone(visit, 'Control was offered, and the offer was taken back.');
  const note = 'Control was offered, and accepted.';
  return { state: 'done', note, controller: rule.clientId };
}

/** Returns whether control is ours now: an offer may have been taken back, or accepted by an attempt before. */
async function accept({ conversations, rule }: Visit, id: string): Promise<boolean> {
  try {
    await conversations.acceptControl(id);
    return true;
  } catch (error) {
    return isUs(await findOutWhy(conversations, id, error), rule);
  }
}
