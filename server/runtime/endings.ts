import type { MessageEvent } from '../zendesk/events.ts';
import { isUs, nameController, releaseControl } from './control.ts';
import type { DispatchDeps, DispatchResult } from './in-control.ts';
import type { Ending } from './types.ts';

const OVER = 'The conversation is over: nothing can be sent from onEnded().';

/**
 * The customer ended the conversation. Where the bot is the account's default, it stays open until the bot
 * lets go of it (Zendesk help 10046732687770); elsewhere Zendesk has done so itself.
 */
export async function endForCustomer(
  deps: DispatchDeps,
  event: MessageEvent,
): Promise<DispatchResult> {
  const { conversations, rule } = deps;
  const { id, activeSwitchboardIntegration: active } = event.payload.conversation;
  const isBack = isUs(active, rule) && (await hasComeBack(conversations, event));
  if (isUs(active, rule) && !isBack) await releaseControl(conversations, id, rule);
  await runOnEnded(deps, { by: 'customer' });
  const note = isBack
    ? 'The customer ended the conversation, and has come back since.'
    : 'The customer ended the conversation.';
  return { state: 'done', note, controller: isBack ? undefined : nameController(null) };
}

/** The people are done. */
export async function endForAgent(deps: DispatchDeps, reason: string): Promise<DispatchResult> {
  await runOnEnded(deps, { by: 'agent', reason });
  const note = `The people ended the conversation (${reason}).`;
  return { state: 'done', note };
}

async function runOnEnded({ bot, openTools, observe }: DispatchDeps, ending: Ending) {
  if (bot.onEnded === undefined) return;
  const { tools } = await openTools({ over: OVER });
  observe.step({ key: 'end-handled' });
  await bot.onEnded({ ...tools, ...ending });
}

/**
 * Whether he has written since: the event may have waited behind others, or be tried again, and what he
 * began anew must not be ended.
 */
async function hasComeBack(
  conversations: DispatchDeps['conversations'],
  { payload: { conversation, message } }: MessageEvent,
): Promise<boolean> {
  const { messages } = await conversations.listMessages(conversation.id);
  const ended = messages.find(({ id }) => id === message.id)?.received ?? message.received ?? '';
  return messages.some(
    ({ author, activity, received }) => author.type === 'user' && !activity && received > ended,
  );
}
