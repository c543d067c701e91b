import type { StoredEvent } from '../store/schema.ts';

export type UnderWay = ReturnType<typeof createUnderWay>;

type Attempted = Pick<StoredEvent, 'seq' | 'conversation_key'>;

/** What this process is handling: at most one event of each conversation. */
export function createUnderWay() {
  /** By `seq`, in an object: V8 keeps what was deleted from a Map until a major collection (docs/decisions/0021). */
  const attempts: Record<number, AbortController> = {};
  /** Of each conversation, whether something may wait behind what is handled. */
  const conversations = new Map<string, boolean>();

  return {
    isEmpty: () => Object.keys(attempts).length === 0,
    seqs: () => Object.keys(attempts).map(Number),
    has: (conversationKey: string) => conversations.has(conversationKey),

    begin({ seq, conversation_key: key }: Attempted, isFollowed: boolean): AbortController {
      const controller = new AbortController();
      attempts[seq] = controller;
      conversations.set(key, isFollowed);
      return controller;
    },

    /** Returns whether something may wait behind it. */
    end({ seq, conversation_key: key }: Attempted): boolean {
      const isFollowed = conversations.get(key) === true;
      delete attempts[seq];
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
      for (const controller of Object.values(attempts)) controller.abort(reason);
    },
  };
}
