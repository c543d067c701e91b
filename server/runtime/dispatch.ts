import {
  endsConversation,
  isActivity,
  type ConversationEvent,
  type OtherEvent,
} from '../zendesk/events.ts';
import { describeController, findOtherController } from './control.ts';
import { letGo } from './let-go.ts';
import { readMessage } from './messages/incoming.ts';
import type { Tools } from './types.ts';
import {
  leaveAlone,
  runWithTools,
  unlessControlIsLost,
  type DispatchResult,
  type Visit,
} from './visit.ts';

/**
 * Decides whether an event is for us and which handler answers it. Reads who is in control from the
 * event, every time: a remembered hand-off would be wrong the moment the agent solves the ticket.
 */
export async function dispatchEvent(
  visit: Visit,
  event: ConversationEvent | OtherEvent,
): Promise<DispatchResult> {
  const reason = findReasonToIgnore(event, visit);
  if (reason !== undefined) return leaveAlone(visit, reason);
  return await unlessControlIsLost(visit, () =>
    event.type === 'conversation:message' && endsConversation(event.payload.message)
      ? letGo(visit, event)
      : runWithTools(visit, (tools) => runHandler(visit, event, tools)),
  );
}

/** Undefined: one of the bot's handlers answers it, or the customer is let go. */
export function findReasonToIgnore(
  event: ConversationEvent | OtherEvent,
  { bot, rule }: Pick<Visit, 'bot' | 'rule'>,
): string | undefined {
  const { activeSwitchboardIntegration: active } = event.payload.conversation;
  switch (event.type) {
    case 'switchboard:passControl':
    case 'switchboard:releaseControl':
      return `Control is with ${describeController(active, rule)}.`;
    case 'conversation:message':
      // Nobody has it once Zendesk released it by itself.
      if (endsConversation(event.payload.message))
        return active ? findOtherController(active, rule) : undefined;
      if (isActivity(event.payload.message)) return 'Written by the system.';
      // Our own messages come back as events too; answering them would be an endless loop.
      if (event.payload.message.author.type !== 'user') return 'Written by the business side.';
      if (event.payload.message.deleted) return 'Deleted by now.';
      break;
    case 'conversation:create':
      if (event.payload.creationReason === 'message')
        return 'The message that opened it is answered.';
      if (!bot.onStart) return 'The bot has no onStart.';
      break;
    case 'conversation:postback':
      if (!bot.onPostback) return 'The bot has no onPostback.';
      break;
  }
  return findOtherController(active, rule);
}

/** Returns what was done, for a sentence. */
async function runHandler(
  { bot, earlier, reading, observe }: Visit,
  event: ConversationEvent | OtherEvent,
  tools: Tools,
): Promise<string> {
  switch (event.type) {
    case 'conversation:message': {
      const message = readMessage(event, reading);
      observe.step({ key: 'message-handled' });
      const others = earlier.map((one) => readMessage(one, reading));
      await bot.onMessage({ ...tools, message, earlier: others });
      return earlier.length === 0 ? 'Message answered' : `${earlier.length + 1} messages answered`;
    }
    case 'conversation:postback': {
      observe.step({ key: 'postback-handled' });
      const { payload, metadata } = event.payload.postback;
      await bot.onPostback?.({ ...tools, payload, metadata: metadata ?? {} });
      return 'Button answered';
    }
    case 'conversation:create': {
      observe.step({ key: 'start-handled' });
      const { creationReason, source, referral } = event.payload;
      await bot.onStart?.({
        ...tools,
        reason: creationReason ?? 'none',
        campaign: source?.campaign?.id,
        referral: referral ?? undefined,
      });
      return 'New conversation greeted';
    }
    case 'switchboard:passControl:failure':
      observe.step({ key: 'hand-off-failure-handled' });
      await bot.onHandOffFailed(tools);
      return 'Failed hand-off explained';
    default:
      return 'Nothing to do';
  }
}
