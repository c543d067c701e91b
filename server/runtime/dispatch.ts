import { endsConversation, isActivity, type ConversationEvent } from '../zendesk/events.ts';
import {
  acceptControl,
  describeController,
  isInControl,
  isUs,
  type Controller,
  type ControlRule,
} from './control.ts';
import { endForAgent, endForCustomer } from './endings.ts';
import {
  leaveAlone,
  runWithTools,
  unlessControlIsLost,
  type DispatchDeps,
  type DispatchResult,
} from './in-control.ts';
import { isHidden, readMessage } from './messages/incoming.ts';
import type { Tools } from './types.ts';
import { reportUndelivered } from './messages/undelivered.ts';

/**
 * Decides whether an event is for us and which handler answers it. Reads who is in control from the
 * event, every time: a remembered hand-off would be wrong the moment the agent solves the ticket.
 */
export async function dispatchEvent(
  deps: DispatchDeps,
  event: ConversationEvent,
): Promise<DispatchResult> {
  const reason = findReasonToIgnore(event, deps);
  if (reason !== undefined) return leaveAlone(deps, reason);
  return await unlessControlIsLost(deps, async () => {
    if (event.type === 'switchboard:offerControl') return await takeOffer(deps, event);
    if (event.type === 'conversation:message:delivery:failure')
      return await reportUndelivered(deps, event);
    if (event.type === 'conversation:message' && endsConversation(event.payload.message))
      return await endForCustomer(deps, event);
    if (event.type === 'switchboard:passControl' || event.type === 'switchboard:releaseControl')
      return await endForAgent(deps, event.payload.reason ?? '');
    return await runWithTools(deps, (tools) => runHandler(deps, event, tools));
  });
}

/** The same for an event of a feature: `active` is who is in control, `run` what answers it. */
export async function dispatchOwnEvent(
  deps: DispatchDeps,
  active: Controller,
  run: (tools: Tools) => Promise<string>,
): Promise<DispatchResult> {
  const reason = findOtherController(active, deps.rule);
  if (reason !== undefined) return leaveAlone(deps, reason);
  return await unlessControlIsLost(deps, () => runWithTools(deps, run));
}

function findReasonToIgnore(
  event: ConversationEvent,
  { bot, rule }: Pick<DispatchDeps, 'bot' | 'rule'>,
): string | undefined {
  const { activeSwitchboardIntegration: active, pendingSwitchboardIntegration: pending } =
    event.payload.conversation;
  switch (event.type) {
    case 'switchboard:passControl':
    case 'switchboard:releaseControl':
      // Only the end of a ticket has a reason (OpenAPI switchboardReleaseControl).
      if (event.payload.reason && bot.onEnded) return undefined;
      return `Control is with ${describeController(active, rule)}.`;
    case 'switchboard:offerControl':
      if (!isUs(pending, rule))
        return `Control is offered to ${describeController(pending, rule)}.`;
      return bot.acceptOffers === false
        ? 'Control was offered, and acceptOffers is false in bot.ts.'
        : undefined;
    case 'conversation:message:delivery:failure':
      if (event.payload.isFinalEvent === false) return 'Zendesk goes on trying to deliver it.';
      return undefined;
    case 'conversation:message':
      // Nobody has it once Zendesk released it by itself.
      if (endsConversation(event.payload.message) && !active) return undefined;
      if (endsConversation(event.payload.message)) break;
      if (isActivity(event.payload.message)) return 'Written by the system.';
      // Our own messages come back as events too; answering them would be an endless loop.
      if (event.payload.message.author.type !== 'user') return 'Written by the business side.';
      if (event.payload.message.deleted) return 'Deleted by now.';
      if (isHidden(event.payload.message) && !bot.onHidden)
        return 'Not written by the customer but sent by the page, hidden; the bot has no onHidden.';
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

function findOtherController(active: Controller, rule: ControlRule): string | undefined {
  return isInControl(active, rule)
    ? undefined
    : `Not this bot but ${describeController(active, rule)} is in control.`;
}

const HANDLERS: Readonly<Record<string, string>> = {
  'conversation:message': 'onMessage',
  'conversation:postback': 'onPostback',
  'conversation:create': 'onStart',
  'switchboard:passControl:failure': 'onHandOffFailed',
};

/** The function of the bot that speaks to the customer about an event; undefined where none does. */
export function findHandler(
  event: ConversationEvent,
  deps: Pick<DispatchDeps, 'bot' | 'rule'>,
): string | undefined {
  const message = event.type === 'conversation:message' ? event.payload.message : undefined;
  if (endsConversation(message) || findReasonToIgnore(event, deps) !== undefined) return undefined;
  return message && isHidden(message) ? 'onHidden' : HANDLERS[event.type];
}

/** Returns what was done, for a sentence. */
async function runHandler(
  { bot, earlier, reading, observe }: DispatchDeps,
  event: ConversationEvent,
  tools: Tools,
): Promise<string> {
  switch (event.type) {
    case 'conversation:message': {
      const message = readMessage(event, reading);
      if (message.isHidden) {
        observe.step({ key: 'hidden-handled' });
        await bot.onHidden?.({ ...tools, message, earlier: [] });
        return 'Hidden message handled';
      }
      observe.step({ key: 'message-handled' });
      const others = earlier.map((one) => readMessage(one, reading));
      await bot.onMessage({ ...tools, message, earlier: others });
      return earlier.length === 0 ? 'Message answered' : `${earlier.length + 1} messages answered`;
    }
    case 'conversation:postback':
      observe.step({ key: 'postback-handled' });
      await bot.onPostback?.({ ...tools, payload: event.payload.postback.payload });
      return 'Button answered';
    case 'conversation:create':
      observe.step({ key: 'start-handled' });
      await bot.onStart?.({ ...tools, reason: event.payload.creationReason ?? 'none' });
      return 'New conversation greeted';
    case 'switchboard:passControl:failure':
      observe.step({ key: 'hand-off-failure-handled' });
      await bot.onHandOffFailed(tools);
      return 'Failed hand-off explained';
    default:
      return 'Nothing to do';
  }
}

/** What the customer says from now on comes to the handlers; the bot does not speak first. */
async function takeOffer(deps: DispatchDeps, event: ConversationEvent): Promise<DispatchResult> {
  const { conversations, rule } = deps;
  if (!(await acceptControl(conversations, event.payload.conversation.id, rule)))
    return leaveAlone(deps, 'Control was offered, and the offer was taken back.');
  const note = 'Control was offered, and accepted.';
  return { state: 'done', note, controller: rule.clientId };
}
