import type { MessageEvent } from '../zendesk/events.ts';
import { isUs, nameController, releaseControl } from './control.ts';
import type { DispatchResult, Visit } from './visit.ts';

/**
 * The customer ended the conversation. Where the bot is the account's default, it stays open until the bot
 * lets go of it (Zendesk help 10046732687770); elsewhere Zendesk has done so itself.
 */
export async function letGo(
  { conversations, rule }: Visit,
  event: MessageEvent,
): Promise<DispatchResult> {
  const { id, activeSwitchboardIntegration: active } = event.payload.conversation;
  const isBack = isUs(active, rule) && (await hasComeBack(conversations, event));
  if (isUs(active, rule) && !isBack) await releaseControl(conversations, id, rule);
  const note = isBack
    ? 'The customer ended the conversation, and has come back since.'
    : 'The customer ended the conversation.';
  return { state: 'done', note, controller: isBack ? undefined : nameController(null) };
}

/** Whether he has written since the event, which may have waited or be tried again: what he began anew goes on. */
async function hasComeBack(
  conversations: Visit['conversations'],
  { payload: { conversation, message } }: MessageEvent,
): Promise<boolean> {
  const { messages } = await conversations.listMessages(conversation.id);
  const ended = messages.find(({ id }) => id === message.id)?.received ?? message.received ?? '';
  return messages.some(
    ({ author, activity, received }) => author.type === 'user' && !activity && received > ended,
  );
}
