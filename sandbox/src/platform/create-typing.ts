import type { Changes } from '../state/changes.ts';
import type { Conversation } from '../state/records.ts';

/** The indicator goes out by itself when the bot forgets to stop it. */
const TYPING_MS = 10_000;

export type Typing = ReturnType<typeof createTyping>;

/** Where the business is typing right now. */
export function createTyping({ changes }: { changes: Changes }) {
  const timers = new Map<string, NodeJS.Timeout>();

  function stop(conversation: Conversation) {
    const timer = timers.get(conversation.id);
    if (!timer) return;
    clearTimeout(timer);
    timers.delete(conversation.id);
    changes.announce({ account: conversation.account, conversationId: conversation.id });
  }

  return {
    start(conversation: Conversation) {
      clearTimeout(timers.get(conversation.id));
      const timer = setTimeout(() => stop(conversation), TYPING_MS).unref();
      timers.set(conversation.id, timer);
      changes.announce({ account: conversation.account, conversationId: conversation.id });
    },
    stop,
    isTyping: (conversation: Conversation) => timers.has(conversation.id),
  };
}
