import type { Changes } from '../state/changes.ts';
import type { Conversation } from '../state/records.ts';

/** The indicator goes out by itself when whoever types forgets to stop it. */
const TYPING_MS = 10_000;

type Side = 'business' | 'customer';

export type Typing = ReturnType<typeof createTyping>;

/** Where somebody is typing right now. */
export function createTyping({ changes }: { changes: Changes }) {
  const running = new Map<string, { timer: NodeJS.Timeout; onEnd: () => void }>();
  const keyOf = ({ id }: Conversation, side: Side) => `${side} ${id}`;

  function announce({ account, id }: Conversation) {
    changes.announce({ account, conversationId: id });
  }

  function stop(conversation: Conversation, side: Side = 'business') {
    const key = keyOf(conversation, side);
    const typing = running.get(key);
    if (!typing) return;
    clearTimeout(typing.timer);
    running.delete(key);
    typing.onEnd();
    announce(conversation);
  }

  return {
    /** @param onEnd called when the typing stops, whichever way. Returns whether it begins now. */
    start(conversation: Conversation, side: Side = 'business', onEnd = () => {}): boolean {
      const key = keyOf(conversation, side);
      const before = running.get(key);
      clearTimeout(before?.timer);
      const timer = setTimeout(() => stop(conversation, side), TYPING_MS).unref();
      running.set(key, { timer, onEnd: before?.onEnd ?? onEnd });
      announce(conversation);
      return before === undefined;
    },
    stop,
    isTyping: (conversation: Conversation, side: Side = 'business') =>
      running.has(keyOf(conversation, side)),
    /** Nothing is sent about typing any more. */
    stopAll(): void {
      for (const { timer } of running.values()) clearTimeout(timer);
      running.clear();
    },
  };
}
