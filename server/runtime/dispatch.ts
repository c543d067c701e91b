import type { Observe } from '../observe.ts';
import type { ConversationEvent } from '../zendesk/events.ts';
import { ControlLostError, describeController, isInControl, type ControlRule } from './control.ts';
import type { ToolsResult } from './create-tools.ts';
import { readMessage } from './read-message.ts';
import type { Bot } from './types.ts';

export interface DispatchResult {
  state: 'done' | 'ignored';
  /** In words, for the activity list and the stored event. */
  note: string;
  handedOff: boolean;
}

/**
 * Decides whether an event is for us and which handler answers it. Reads who is in control from the
 * event, every time: a remembered hand-off would be wrong the moment the agent solves the ticket.
 */
export async function dispatchEvent(
  event: ConversationEvent,
  options: {
    bot: Bot;
    rule: ControlRule;
    openTools: () => ToolsResult;
    observe: Pick<Observe, 'step'>;
  },
): Promise<DispatchResult> {
  const { bot, rule, observe } = options;
  const reason = findReasonToIgnore(event, rule);
  if (reason !== undefined) return leaveAlone(reason, observe);
  const { tools, done } = options.openTools();
  try {
    const handled = await runHandler(event, bot, tools, observe);
    const replies = done.replies === 1 ? '1 reply' : `${done.replies} replies`;
    const note = done.handedOff ? `${handled}: ${replies}, handed over` : `${handled}: ${replies}`;
    return { state: 'done', note, handedOff: done.handedOff };
  } catch (error) {
    if (!(error instanceof ControlLostError)) throw error;
    return leaveAlone(error.message, observe);
  }
}

function leaveAlone(reason: string, observe: Pick<Observe, 'step'>): DispatchResult {
  observe.step({ key: 'event-left-alone', reason });
  return { state: 'ignored', note: reason, handedOff: false };
}

function findReasonToIgnore(event: ConversationEvent, rule: ControlRule): string | undefined {
  const active = event.payload.conversation.activeSwitchboardIntegration;
  switch (event.type) {
    case 'switchboard:passControl':
    case 'switchboard:releaseControl':
      return `Control is with ${describeController(active, rule)}.`;
    case 'conversation:message':
      // Our own messages come back as events too; answering them would be an endless loop.
      if (event.payload.message.author.type !== 'user') return 'Written by the business side.';
      break;
    case 'conversation:create':
      if (event.payload.creationReason === 'message')
        return 'The message that opened it is answered.';
      break;
  }
  if (!isInControl(active, rule))
    return `Not this bot but ${describeController(active, rule)} is in control.`;
  return undefined;
}

async function runHandler(
  event: ConversationEvent,
  bot: Bot,
  tools: ToolsResult['tools'],
  observe: Pick<Observe, 'step'>,
): Promise<string> {
  switch (event.type) {
    case 'conversation:message':
      observe.step({ key: 'message-handled' });
      await bot.onMessage({ ...tools, message: readMessage(event) });
      return 'Message answered';
    case 'conversation:postback':
      observe.step({ key: 'postback-handled' });
      await bot.onPostback({ ...tools, payload: event.payload.postback.payload });
      return 'Button answered';
    case 'conversation:create':
      observe.step({ key: 'start-handled' });
      await bot.onStart(tools);
      return 'New conversation greeted';
    case 'switchboard:passControl:failure':
      observe.step({ key: 'hand-off-failure-handled' });
      await bot.onHandOffFailed(tools);
      return 'Failed hand-off explained';
    default:
      return 'Nothing to do';
  }
}
