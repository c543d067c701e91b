import type { StoredEvent } from '../store/schema.ts';

export type UnderWay = ReturnType<typeof createUnderWay>;

/** What this process is handling: at most one event of each conversation. */
export function createUnderWay() {
  /**
   * In no order. Not a Map: under load V8 keeps what was deleted from one until a major collection, and so
   * would have one of those come sooner.
   */
  const attempts: { seq: number; controller: AbortController }[] = [];
  /** Of each conversation, whether something may wait behind what is handled. */
  const conversations = new Map<string, boolean>();

  return {
    isEmpty: () => attempts.length === 0,
    seqs: () => attempts.map(({ seq }) => seq),
    has: (conversationKey: string) => conversations.has(conversationKey),

    begin({ seq, conversation_key: key }: StoredEvent, isFollowed: boolean): AbortController {
      const controller = new AbortController();
      attempts.push({ seq, controller });
      conversations.set(key, isFollowed);
      return controller;
    },

    /** Returns whether something may wait behind it. */
    end({ seq, conversation_key: key }: StoredEvent): boolean {
      const isFollowed = conversations.get(key) === true;
      const last = attempts.pop();
      if (last !== undefined && last.seq !== seq)
        attempts[attempts.findIndex((attempt) => attempt.seq === seq)] = last;
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
      for (const { controller } of attempts) controller.abort(reason);
    },
  };
}
