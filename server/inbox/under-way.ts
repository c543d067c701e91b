import type { StoredEvent } from '../store/schema.ts';

export type UnderWay = ReturnType<typeof createUnderWay>;

/** What this process is handling: at most one event of each conversation. */
export function createUnderWay() {
  const attempts = new Map<number, AbortController>();
  /** Of each conversation, whether something may wait behind what is handled. */
  const conversations = new Map<string, boolean>();

  return {
    isEmpty: () => attempts.size === 0,
    seqs: () => [...attempts.keys()],
    has: (conversationKey: string) => conversations.has(conversationKey),

    begin({ seq, conversation_key: key }: StoredEvent, isFollowed: boolean): AbortController {
      const controller = new AbortController();
      attempts.set(seq, controller);
      conversations.set(key, isFollowed);
      return controller;
    },

    /** Returns whether something may wait behind it. */
    end({ seq, conversation_key: key }: StoredEvent): boolean {
      const isFollowed = conversations.get(key) === true;
      attempts.delete(seq);
      conversations.delete(key);
      return isFollowed;
    },

    /** Something has come to the conversation. Returns false when nothing of it is under way. */
    follow(conversationKey: string): boolean {
      if (!conversations.has(conversationKey)) return false;
      conversations.set(conversationKey, true);
      return true;
    },

    /** Something may have come to any of them. */
    followAll(): void {
      for (const key of conversations.keys()) conversations.set(key, true);
    },

    /** Whether something may wait in the conversation; it is being looked at, so this is forgotten. */
    takeFollower(conversationKey: string): boolean {
      const isFollowed = conversations.get(conversationKey) === true;
      if (isFollowed) conversations.set(conversationKey, false);
      return isFollowed;
    },

    abortAll(reason: Error): void {
      for (const controller of attempts.values()) controller.abort(reason);
    },
  };
}
